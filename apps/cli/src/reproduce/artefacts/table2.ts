import type { Dataset } from '@gradrec/data'
import type { Artefact } from '../artefact.ts'
import { PAPER_DATASETS, type PaperDataset } from '../paper.ts'
import { DATASET_TITLES } from '../titles.ts'

type Row = readonly [users: number, items: number, interactions: number, density: number]

const NAMES = ['users', 'items', 'interactions', 'density'] as const

/** Table II: the sizes of the data sets, all parts together. */
export const table2: Artefact = {
  name: 'table2',
  title: 'Table II: statistics of the data sets',
  datasets: PAPER_DATASETS,
  anyDataset: false,
  cells: () => [],
  async make({ datasets, paper, loadData, selection, onStep }) {
    const found: { readonly dataset: PaperDataset; readonly hash: string; readonly row: Row }[] = []
    for (const dataset of datasets) {
      onStep(`counting ${dataset}`)
      const data = await loadData(dataset)
      found.push({ dataset, hash: data.hash, row: sizesOf(data) })
    }
    const pairs = found.flatMap(({ dataset, row }) =>
      row.map((value, c) => [printed(value, c), printed(paper.table2.values[dataset][c] ?? 0, c), c] as const),
    )
    const equal = pairs.filter(([ours, theirs]) => ours === theirs).length
    const counts = pairs.filter(([, , c]) => c < 3)
    const equalCounts = counts.filter(([ours, theirs]) => ours === theirs).length
    return {
      figures: found.map(({ dataset, hash, row }) => ({
        dataset,
        hash,
        ...Object.fromEntries(NAMES.map((name, c) => [name, row[c]])),
      })),
      cells: [],
      tables: [
        {
          caption: 'All parts together; in brackets the paper’s where it differs',
          columns: ['data set', ...NAMES],
          rows: found.map(({ dataset, row }) => [
            DATASET_TITLES[dataset],
            ...row.map((value, c) => {
              const [ours, theirs] = [printed(value, c), printed(paper.table2.values[dataset][c] ?? 0, c)]
              return ours === theirs || selection.quick ? ours : `${ours} (${theirs})`
            }),
          ]),
        },
      ],
      drawings: {},
      comparison: selection.quick
        ? 'simulated data has no counterpart in the paper'
        : `${equalCounts} of ${counts.length} counts are the paper’s exactly, and ${equal - equalCounts} of ${pairs.length - counts.length} densities to the digit`,
      notes: [
        'Density is interactions / (users × items). The paper calls it sparsity, and cuts some of its digits off instead of rounding.',
      ],
    }
  },
}

function sizesOf({ users, items, parts: { train, validation, test, biasedTest } }: Dataset): Row {
  const interactions = [train, validation, test, biasedTest].reduce((sum, part) => sum + (part?.columns.length ?? 0), 0)
  return [users.size, items.size, interactions, interactions / (users.size * items.size)]
}

function printed(value: number, column: number): string {
  return column === 3 ? value.toFixed(6) : value.toLocaleString('en-US')
}
