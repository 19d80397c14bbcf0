import { csrFromPairs, type Csr } from '@gradrec/engine'
import type { Dataset, IdMap, Parts } from '@gradrec/data'

type Rows = readonly (readonly number[])[]

/** A data set written down row by row: `train[u]` lists the items of user u. */
export function handmadeDataset(
  itemCount: number,
  rows: { readonly train: Rows } & Partial<Record<keyof Parts, Rows>>,
): Dataset {
  const users = rows.train.length
  const csr = (part: Rows): Csr => {
    const userOf = part.flatMap((items, user) => items.map(() => user))
    return csrFromPairs(userOf, part.flat(), users, itemCount)
  }
  return {
    name: 'handmade',
    users: numbered(users, 'user'),
    items: numbered(itemCount, 'item'),
    parts: {
      train: csr(rows.train),
      ...(rows.intervenedTrain && { intervenedTrain: csr(rows.intervenedTrain) }),
      ...(rows.validation && { validation: csr(rows.validation) }),
      ...(rows.test && { test: csr(rows.test) }),
      ...(rows.biasedTest && { biasedTest: csr(rows.biasedTest) }),
    },
    hash: 'handmade',
    repairs: [],
    protocol: 'written down by hand',
  }
}

/**
 * Two tastes: users like the lower or the upper half of the items, and miss some of their half by chance. What they miss is
 * cut into validation and test, so that a recommender that finds the tastes beats one that does not.
 */
export function twoTastes(users: number, items: number, missed: (user: number, item: number) => boolean): Dataset {
  const train: number[][] = []
  const validation: number[][] = []
  const test: number[][] = []
  for (let u = 0; u < users; u++) {
    const half = u % 2
    const liked = Array.from({ length: items / 2 }, (_, i) => half * (items / 2) + i)
    const heldOut = liked.filter((item) => missed(u, item))
    train.push(liked.filter((item) => !missed(u, item)))
    validation.push(heldOut.filter((_, n) => n % 2 === 0))
    test.push(heldOut.filter((_, n) => n % 2 === 1))
  }
  return handmadeDataset(items, { train, validation, test })
}

function numbered(size: number, word: string): IdMap {
  const ids = Array.from({ length: size }, (_, n) => `${word}${n}`)
  return {
    size,
    idOf(index: number): string {
      const id = ids[index]
      if (id === undefined) throw new RangeError(`${word} ${index} of ${size}`)
      return id
    },
    indexOf: (id) => (ids.includes(id) ? ids.indexOf(id) : undefined),
  }
}
