import type { Dataset } from '@gradrec/data'
import { count, percent } from './formatNumbers.ts'

/** What people ask about a data set first, as numbers. */
export interface DatasetFacts {
  readonly name: string
  readonly hash: string
  readonly users: number
  readonly items: number
  /** Interactions of each part there is. */
  readonly interactions: Readonly<Record<string, number>>
  /** Training interactions / (users × items). */
  readonly density: number
  readonly protocol: string
}

export function datasetFacts(dataset: Dataset): DatasetFacts {
  const [users, items] = [dataset.users.size, dataset.items.size]
  const { train, validation, test, biasedTest } = dataset.parts
  const interactions = {
    train: train.columns.length,
    ...(validation && { validation: validation.columns.length }),
    ...(test && { test: test.columns.length }),
    ...(biasedTest && { biasedTest: biasedTest.columns.length }),
  }
  const density = train.columns.length / (users * items)
  return { name: dataset.name, hash: dataset.hash, users, items, interactions, density, protocol: dataset.protocol }
}

/** The same for people, one or two lines. */
export function describeDataset(facts: DatasetFacts): string[] {
  const { train = 0, validation, test, biasedTest } = facts.interactions
  const heldOut = [
    validation === undefined ? [] : [`validation ${count(validation)}`],
    test === undefined ? [] : [`test ${count(test)}`],
    biasedTest === undefined ? [] : [`biased test ${count(biasedTest)}`],
  ].flat()
  return [
    `${facts.name}: ${count(facts.users)} users × ${count(facts.items)} items, ${count(train)} training interactions ` +
      `(density ${percent(facts.density)})${heldOut.length > 0 ? `; ${heldOut.join(', ')}` : ''}`,
    facts.protocol,
  ]
}
