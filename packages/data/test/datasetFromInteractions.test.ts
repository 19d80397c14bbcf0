import * as fc from 'fast-check'
import { csrFromPairs } from '@gradrec/engine'
import { expect, test } from 'vitest'
import {
  datasetFromInteractionParts,
  datasetFromInteractions,
  datasetFromParts,
  rangeIdMap,
  readInteractions,
  type Dataset,
  type Interactions,
} from '../src/index.ts'
import { chunksOfText } from './chunksOfText.ts'
import { plainPairs } from './plainInteractions.ts'

function read(source: string, content: string): Promise<Interactions> {
  return readInteractions(source, chunksOfText(content))
}

function counted(dataset: Dataset): string[] {
  return dataset.repairs.map(({ code, count }) => `${code} ${count}`)
}

const ALL_TRAIN = { name: 'tiny', split: { kind: 'none' } } as const

test('one tiny file has the hash it always had', async () => {
  const dataset = await datasetFromInteractions(await read('t.csv', 'user,item\nb,x\n2,x\n10,é\n'), ALL_TRAIN)
  expect(['2', '10', 'b'].map((id) => dataset.users.indexOf(id))).toEqual([0, 1, 2])
  expect(plainPairs(dataset.parts.train)).toEqual(['0,0', '1,1', '2,0'])
  expect(dataset.hash).toMatchInlineSnapshot(`"c186d603d8ef930d5469cb4d2d8789ea3e7b61484942576e59b850af33509ab3"`)
})

test('the order of rows, the format and repeated rows do not change the hash; a pair or an id does', async () => {
  const hash = async (content: string): Promise<string> =>
    (await datasetFromInteractions(await read('t.csv', content), ALL_TRAIN)).hash
  const first = await hash('user,item\n1,5\n2,6\n')
  expect(await hash('item;user\n6;2\n5;1\n6;2\n')).toBe(first)
  expect(await hash('user,item\n1,6\n2,5\n')).not.toBe(first)
  expect(await hash('user,item\n1,5\n3,6\n')).not.toBe(first)
  const list = await datasetFromInteractions(await read('t.txt', '2 6\n1 5\n'), ALL_TRAIN)
  expect(list.hash).toBe(first)
})

test('ids that are 0 … n − 1 hash the same whether stored or counted', async () => {
  const stored = await datasetFromInteractions(await read('t.txt', '1 0 1\n0 1\n'), ALL_TRAIN)
  const counting = await datasetFromParts({
    name: 'x',
    users: rangeIdMap(2),
    items: rangeIdMap(2),
    parts: { train: csrFromPairs([1, 1, 0], [0, 1, 1], 2, 2) },
    protocol: '',
  })
  expect(stored.hash).toBe(counting.hash)
})

test('keeps ratings of at least the threshold, and counts all that goes', async () => {
  const content = 'user,item,rating\n1,a,4\n1,a,5\n1,b,3.5\n2,b,3.4\n3,a,3.3\n\n'
  const dataset = await datasetFromInteractions(await read('t.csv', content), { ...ALL_TRAIN, minimumRating: 3.5 })
  expect([dataset.users.size, dataset.items.size]).toEqual([1, 2])
  expect(plainPairs(dataset.parts.train)).toEqual(['0,0', '0,1'])
  expect(dataset.repairs).toMatchInlineSnapshot(`
    [
      {
        "code": "blank-line",
        "count": 1,
        "message": "Blank lines passed over in t.csv: 1.",
      },
      {
        "code": "below-rating",
        "count": 2,
        "message": "Rows below the rating threshold left out of t.csv: 2.",
      },
      {
        "code": "dropped-user",
        "count": 2,
        "message": "Users dropped because they have no interaction left: 2.",
      },
      {
        "code": "duplicate-pair",
        "count": 1,
        "message": "Repeated (user, item) pairs merged in t.csv: 1.",
      },
    ]
  `)
  expect(dataset.protocol).toBe('Interactions rated 3.5 or more. All interactions are for training.')
  // 3.3 is not a float32: the threshold is rounded as the ratings were.
  const lower = await datasetFromInteractions(await read('t.csv', content), { ...ALL_TRAIN, minimumRating: 3.3 })
  expect(lower.users.size).toBe(3)
})

test('a threshold that means nothing, or leaves nothing, is refused', async () => {
  const rated = await read('t.csv', 'user,item,rating\n1,a,4\n')
  const unrated = await read('t.csv', 'user,item\n1,a\n')
  await expect(
    datasetFromInteractions(rated, { ...ALL_TRAIN, minimumRating: 5 }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EmptyDataError: t.csv: no rating reaches 5; expected at least one that does]`,
  )
  await expect(
    datasetFromInteractions(unrated, { ...ALL_TRAIN, minimumRating: 4 }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: t.csv has no ratings, so a rating threshold of 4 means nothing; leave the threshold out, or name the rating column]`,
  )
})

test('files that are parts share one numbering, and no pair', async () => {
  const files = {
    train: await read('train.txt', '0 1 2\n1 1\n'),
    validation: await read('validation.txt', '0 2 3\n'),
    test: await read('test.txt', '0 3 4\n2 1\n3\n'),
  }
  const dataset = await datasetFromInteractionParts(files, { name: 'three', protocol: 'As shipped.' })
  expect([dataset.users.size, dataset.items.size]).toEqual([3, 4])
  const { train, validation, test: tested } = dataset.parts
  expect(plainPairs(train)).toEqual(['0,0', '0,1', '1,0'])
  expect(plainPairs(validation!)).toEqual(['0,2'])
  expect(plainPairs(tested!)).toEqual(['0,3', '2,0'])
  expect(counted(dataset)).toEqual([
    'user-without-items 1',
    'dropped-user 1',
    'part-overlap 1',
    'part-overlap 1',
    'user-without-training 1',
    'item-without-training 2',
  ])
  expect(dataset.protocol).toBe('As shipped.')
})

test('any parts become disjoint without losing a pair', async () => {
  const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 20 })
  const matrix = pairs.map((each) =>
    csrFromPairs(
      each.map(([user]) => user),
      each.map(([, item]) => item),
      5,
      5,
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      matrix,
      matrix,
      matrix,
      matrix,
      matrix,
      async (train, intervenedTrain, validation, tested, biasedTest) => {
        const given = { train, intervenedTrain, validation, test: tested, biasedTest }
        const { parts } = await datasetFromParts({
          name: 'x',
          users: rangeIdMap(5),
          items: rangeIdMap(5),
          parts: given,
          protocol: '',
        })
        const disjoint = [parts.train, parts.validation!, parts.test!, parts.biasedTest!].flatMap(plainPairs)
        expect(new Set(disjoint).size).toBe(disjoint.length)
        expect(new Set(disjoint)).toEqual(new Set(Object.values(given).flatMap(plainPairs)))
      },
    ),
    { numRuns: 40 },
  )
})

test('refuses parts of a wrong shape, and data without training', async () => {
  const options = { name: 'x', users: rangeIdMap(2), items: rangeIdMap(2), protocol: '' }
  const good = csrFromPairs([0], [0], 2, 2)
  await expect(
    datasetFromParts({ ...options, parts: { train: good, test: csrFromPairs([0], [0], 3, 2) } }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataShapeError: x: the part test is 3 users × 2 items, but there are 2 user ids and 2 item ids; every part must count the same users and items]`,
  )
  await expect(
    datasetFromParts({ ...options, parts: { train: csrFromPairs([], [], 2, 2), test: good } }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EmptyDataError: x: there is no training interaction; expected at least one]`,
  )
})
