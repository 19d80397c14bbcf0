import { openOracleEngine } from '@gradrec/oracle'
import { rowColumns } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { completed, RECIPES, recommend, recommendInBlocks, train, type TrainConfig } from '../src/index.ts'
import { twoTastes } from './handmadeDataset.ts'

const engine = openOracleEngine()
const dataset = twoTastes(20, 12, (user, item) => (user * 7 + item * 3) % 4 === 0)
const config: TrainConfig = {
  ...RECIPES.default.config('mf'),
  dimension: 4,
  batch: 32,
  epochs: 3,
  watch: 'recall@3',
  k: 3,
}
const model = await completed(train(dataset, config, engine))

describe('recommend', () => {
  it('answers in outside ids, best first, without what a user has', async () => {
    const answers = await recommend(model, engine, { users: ['user3', 'user0'], k: 4 })
    expect(answers.map(({ user, isKnown }) => [user, isKnown])).toEqual([
      ['user3', true],
      ['user0', true],
    ])
    for (const [n, user] of [3, 0].entries()) {
      const seen = [...rowColumns(dataset.parts.train, user)].map((item) => `item${item}`)
      const scores = Array.from({ length: 12 }, (_, item) => {
        let score = 0
        for (let f = 0; f < 4; f++)
          score += model.vectors.users.values[4 * user + f]! * model.vectors.items.values[4 * item + f]!
        return { item: `item${item}`, score: Math.fround(score) }
      })
      const best = scores.filter(({ item }) => !seen.includes(item)).sort((a, b) => b.score - a.score)
      expect(answers[n]!.items).toEqual(best.slice(0, 4))
    }
  })

  it('includes what was seen where that is wanted, and leaves out what nobody is to get', async () => {
    const [all] = await recommend(model, engine, { users: ['user1'], k: 12, excludeSeen: false })
    expect(all!.items).toHaveLength(12)
    const [some] = await recommend(model, engine, {
      users: ['user1'],
      k: 12,
      excludeSeen: false,
      excludeItems: ['item2', 'item7', 'never heard of'],
    })
    expect(some!.items).toEqual(all!.items.filter(({ item }) => item !== 'item2' && item !== 'item7'))
  })

  it('answers unknown users as it says', async () => {
    const ask = { users: ['user2', 'stranger', 'user5'], k: 3 } as const
    const counts = Array.from({ length: 12 }, (_, item) => dataset.parts.train.columns.filter((c) => c === item).length)
    const popular = counts
      .map((score, item) => ({ item: `item${item}`, score }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 3)
    const [first, stranger, last] = await recommend(model, engine, ask)
    expect(stranger).toEqual({ user: 'stranger', isKnown: false, items: popular })
    expect([first, last]).toEqual(await recommend(model, engine, { users: ['user2', 'user5'], k: 3 }))
    expect((await recommend(model, engine, { ...ask, unknownUsers: 'none' }))[1]!.items).toEqual([])
    await expect(
      recommend(model, engine, { users: ['a', 'b', 'user0', 'c', 'd'], unknownUsers: 'refuse' }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DatasetError: the model does not know user "a", "b", "c" and 1 more; it was trained on 20 users]`,
    )
  })

  it('answers all users, and no users', async () => {
    const all = await recommend(model, engine, { k: 2 })
    expect(all.map(({ user }) => user)).toEqual(Array.from({ length: 20 }, (_, u) => `user${u}`))
    expect(await recommend(model, engine, { users: [] })).toEqual([])
    const blocks: number[] = []
    const users = Array.from({ length: 5000 }, (_, n) => `user${n % 20}`)
    for await (const block of recommendInBlocks(model, engine, { users, k: 1 })) blocks.push(block.length)
    expect(blocks).toEqual([4096, 904])
  })

  it('refuses a k that no list has', async () => {
    await expect(recommend(model, engine, { k: 0 })).rejects.toMatchObject({ code: 'E_CONFIG', key: 'k' })
  })
})
