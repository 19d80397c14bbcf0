import { datasetFromParts, rangeIdMap, type Dataset } from '@gradrec/data'
import { loadCatalogued } from '@gradrec/data/node'
import type { MeasuredData } from '../results/resultFile.ts'
import type { PaperDataset } from '../tableFour/paperTable.ts'
import { countsOf, type Curve } from './curves/curve.ts'
import { ml10mCurve } from './curves/ml10m.ts'
import { netflixCurve } from './curves/netflix.ts'
import { simulatedInteractions } from './simulatedInteractions.ts'

export interface PaperData {
  readonly dataset: Dataset
  readonly facts: MeasuredData
  /** One line for people. */
  readonly text: string
}

const CURVES: Readonly<Record<PaperDataset, Curve>> = { ml10m: ml10mCurve, netflix: netflixCurve }

/**
 * One of the paper's data sets as DICE split it: read from below `root`, or without a root drawn at random to have exactly as many
 * users, items and interactions and every user's and item's number of them. Who has what is then chance, which a step's time
 * hardly depends on.
 */
export async function paperDataset(name: PaperDataset, root: string | undefined): Promise<PaperData> {
  const dataset = root === undefined ? await simulated(name) : await loadCatalogued(name, root)
  const { users, items, hash, parts } = dataset
  const source = root === undefined ? 'simulated' : 'real'
  const facts = {
    name,
    source,
    users: users.size,
    items: items.size,
    interactions: parts.train.columns.length,
    hash,
  } as const
  const size = `${facts.users} users × ${facts.items} items, ${facts.interactions} interactions to train on`
  const how = root === undefined ? ', simulated: same sizes and popularity (give --data-root for the data itself)' : ''
  return { dataset, facts, text: `${name}: ${size}${how}` }
}

async function simulated(name: PaperDataset): Promise<Dataset> {
  const { users, items } = CURVES[name]
  const train = simulatedInteractions({ userCounts: countsOf(users), itemCounts: countsOf(items), seed: 1 })
  return datasetFromParts({
    name: `${name}, simulated`,
    users: rangeIdMap(train.rows),
    items: rangeIdMap(train.columnCount),
    parts: { train },
    protocol: 'Simulated: users and items have as many interactions as in the data set, and who has what is chance.',
  })
}
