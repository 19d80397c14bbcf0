import { interactionStatistics, type InteractionStatistics } from '@gradrec/data'
import type { Artefact } from '../artefact.ts'
import { besideEarlier } from '../earlierResult.ts'
import type { Group } from '../group.ts'
import type { Paper, PaperDataset } from '../paper.ts'
import type { PlainTable } from '../plainTable.ts'
import { DATASET_TITLES } from '../titles.ts'

/** Members of a group, and its two means. */
type Row = readonly [count: number, first: number, second: number]

interface Statistics {
  readonly users: Readonly<Record<'all' | 'active' | 'inactive', Row>>
  readonly items: Readonly<Record<'all' | 'popular' | 'unpopular', Row>>
}

/** One data set. */
interface CountedGroup extends Group {
  readonly hash: string
  readonly statistics: Statistics
}

/** What the table is counted in: of DICE's data the biased 60 % alone (METHODS.md §0.3), else all that trains. */
const PROTOCOLS: Readonly<Record<PaperDataset, string>> = {
  ml10m: 'train60-test20',
  netflix: 'train60-test20',
  adressa: 'shipped',
  gowalla: 'shipped',
}

/** Table I: how popular items and active users meet in the training data. */
export const table1: Artefact = {
  name: 'table1',
  title: 'Table I: statistics of the training data',
  datasets: ['ml10m'],
  anyDataset: true,
  cells: () => [],
  async make({ datasets, paper, loadData, earlier, selection, onStep }) {
    const measured: CountedGroup[] = []
    for (const dataset of datasets) {
      onStep(`counting ${dataset}`)
      const { parts, hash } = await loadData(dataset, PROTOCOLS[dataset])
      measured.push({ dataset, hash, statistics: statisticsOf(interactionStatistics(parts.train)) })
    }
    const found = besideEarlier(measured, earlier)
    const ofPaper = selection.quick ? undefined : found.find(({ dataset }) => dataset === paper.table1.dataset)
    return {
      figures: { groups: found },
      measured,
      cells: [],
      tables: found.flatMap(({ dataset, statistics }) =>
        (['users', 'items'] as const).map((kind) =>
          table(kind, dataset, statistics, dataset === ofPaper?.dataset ? paper : undefined),
        ),
      ),
      drawings: {},
      comparison:
        ofPaper === undefined ? 'the paper has no numbers for this data' : compared(ofPaper.statistics, paper),
      notes: [
        'Counted, as in the paper, in the biased 60 % of MovieLens-10M alone, without the intervened 10 % that trains too.',
        'Popular items are the most popular ones that have 80 % of the interactions between them, without the one that completes the 80 %; ' +
          'active users likewise.',
      ],
    }
  },
}

function statisticsOf({ users, items }: InteractionStatistics): Statistics {
  const ofUsers = ({ users: n, popularItemsPerUser, unpopularItemsPerUser }: typeof users.all): Row => [
    n,
    popularItemsPerUser,
    unpopularItemsPerUser,
  ]
  const ofItems = ({ items: n, activeUsersPerItem, inactiveUsersPerItem }: typeof items.all): Row => [
    n,
    activeUsersPerItem,
    inactiveUsersPerItem,
  ]
  return {
    users: { all: ofUsers(users.all), active: ofUsers(users.active), inactive: ofUsers(users.inactive) },
    items: { all: ofItems(items.all), popular: ofItems(items.popular), unpopular: ofItems(items.unpopular) },
  }
}

/** Every number beside the paper's, as both would be printed. */
function* pairs(statistics: Statistics, paper: Paper): Generator<readonly [ours: string, paper: string]> {
  const rows = [...rowsOf(statistics)].map(([, , row]) => row)
  const theirs = [...rowsOf(paper.table1)].map(([, , row]) => row)
  for (const [r, row] of rows.entries()) {
    for (const [c, value] of row.entries()) yield [printed(value, c), printed(theirs[r]?.[c] ?? Number.NaN, c)]
  }
}

function compared(statistics: Statistics, paper: Paper): string {
  const all = [...pairs(statistics, paper)]
  const other = all.filter(([ours, theirs]) => ours !== theirs)
  const differing = other.map(([ours, theirs]) => `${ours} for ${theirs}`).join(', ')
  return `${all.length - other.length} of ${all.length} numbers are the paper’s to the digit${other.length > 0 ? `; the others are ${differing}` : ''}`
}

function* rowsOf({ users, items }: Statistics): Generator<readonly [kind: 'users' | 'items', name: string, row: Row]> {
  for (const [name, row] of [
    ['all', users.all],
    ['active', users.active],
    ['inactive', users.inactive],
  ] as const)
    yield ['users', name, row]
  for (const [name, row] of [
    ['all', items.all],
    ['popular', items.popular],
    ['unpopular', items.unpopular],
  ] as const)
    yield ['items', name, row]
}

const COLUMNS = {
  users: ['users', 'number', 'popular items a user', 'unpopular items a user'],
  items: ['items', 'number', 'active users an item', 'inactive users an item'],
} as const

/** @param paper where it has numbers for the data set */
function table(
  kind: 'users' | 'items',
  dataset: PaperDataset,
  statistics: Statistics,
  paper: Paper | undefined,
): PlainTable {
  const theirs = [...(paper === undefined ? [] : rowsOf(paper.table1))]
  return {
    caption: `${DATASET_TITLES[dataset]}, ${kind}${paper === undefined ? '' : '; in brackets the paper’s where it differs'}`,
    columns: COLUMNS[kind],
    rows: [...rowsOf(statistics)].flatMap(([own, name, row], r) =>
      own !== kind
        ? []
        : [
            [
              name,
              ...row.map((value, c) => {
                const [ours, other] = [printed(value, c), theirs[r]?.[2][c]]
                return other === undefined || printed(other, c) === ours ? ours : `${ours} (${printed(other, c)})`
              }),
            ],
          ],
    ),
  }
}

function printed(value: number, column: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: column === 0 ? 0 : 1,
    maximumFractionDigits: column === 0 ? 0 : 1,
  })
}
