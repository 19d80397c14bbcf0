import { NO_ITEM, rowColumns, type Csr, type Ranking } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import type { Ranker } from './evaluation/ranker.ts'
import { itemNeighbours, type ItemNeighbours, type ItemNeighboursOptions } from './itemNeighbours.ts'
import { nextTask } from './nextTask.ts'
import { TopItems } from './topItems.ts'

/**
 * Item-based nearest neighbours (Deshpande & Karypis, ACM TOIS 2004), the baseline that a trained model has to beat: an item's score
 * is the sum of its similarities to the user's training items, as far as it is among their neighbours, else 0. No vectors, so
 * evaluate it by `evaluateRanker`.
 *
 * @throws AbortedError when stopped
 *
 * @example await evaluateRanker(await itemKnn(dataset), dataset, 'test', options)
 */
export async function itemKnn(dataset: Dataset, options: ItemNeighboursOptions = {}): Promise<Ranker> {
  const { train } = dataset.parts
  return neighbourRanker(await itemNeighbours(train, options), train)
}

/** Ranks by similarity to what users have. */
export function neighbourRanker({ neighbours, similarities }: ItemNeighbours, train: Csr): Ranker {
  const items = train.columnCount
  /** Of the user at hand; 0 for all others. */
  const scores = new Float64Array(items)
  const scored = new Uint32Array(items)
  return async (users, { k, exclude }) => {
    // Nothing here waits for an engine.
    await nextTask()
    const ranking: Ranking = {
      k,
      items: new Uint32Array(users.length * k).fill(NO_ITEM),
      scores: new Float32Array(users.length * k).fill(-Infinity),
    }
    const top = new TopItems(k)
    for (const [row, user] of users.entries()) {
      let count = 0
      for (const item of rowColumns(train, user)) {
        const end = neighbours.rowPointer[item + 1]!
        for (let entry = neighbours.rowPointer[item]!; entry < end; entry++) {
          const other = neighbours.columns[entry]!
          if (scores[other] === 0) scored[count++] = other
          scores[other]! += similarities[entry]!
        }
      }
      // Similarities are above 0: an item that is marked so is scored, and never listed.
      if (exclude !== undefined) for (const item of rowColumns(exclude, row)) scores[item] = -Infinity
      top.clear()
      for (let n = 0; n < count; n++) if (scores[scored[n]!]! > 0) top.offer(scored[n]!, scores[scored[n]!]!)
      // Of the items without a score the lowest numbers come next.
      for (let item = 0; item < items && top.size < k; item++) if (scores[item] === 0) top.offer(item, 0)
      top.sort()
      ranking.items.set(top.items.subarray(0, top.size), row * k)
      ranking.scores.set(top.scores.subarray(0, top.size), row * k)
      for (let n = 0; n < count; n++) scores[scored[n]!] = 0
      if (exclude !== undefined) for (const item of rowColumns(exclude, row)) scores[item] = 0
    }
    return ranking
  }
}
