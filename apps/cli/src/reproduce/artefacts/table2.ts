import type { Dataset } from '@gradrec/data'
import type { Artefact } from '../artefact.ts'
import { besideEarlier } from '../earlierResult.ts'
import type { Group } from '../group.ts'
import { PAPER_DATASETS } from '../paper.ts'
import { DATASET_TITLES } from '../titles.ts'

const NAMES = ['users', 'items', 'interactions', 'density'] as const

/** One data set. */
interface SizedGroup extends Group, Readonly<Record<(typeof NAMES)[number], number>> {
  readonly hash: string
}

/** Table II: the sizes of the data sets, all parts together. */
export const table2: Artefact = {
  name: 'table2',
  title: 'Table II: statistics of the data sets',
  datasets: PAPER_DATASETS,
  anyDataset: false,
  cells: () => [],
  async make({ datasets, paper, loadData, earlier, selection, onStep }) {
    const measured: SizedGroup[] = []
    for (const dataset of datasets) {
      onStep(`counting ${dataset}`)
      const data = await loadData(dataset)
      measured.push({ dataset, hash: data.hash, ...sizesOf(data) })
    }
    const found = besideEarlier(measured, earlier)
    const pairs = found.flatMap((group) =>
      NAMES.map(
        (name, c) => [printed(group[name], c), printed(paper.table2.values[group.dataset][c] ?? 0, c), c] as const,
      ),
    )
    const equal = pairs.filter(([ours, theirs]) => ours === theirs).length
    const counts = pairs.filter(([, , c]) => c < 3)
    const equalCounts = counts.filter(([ours, theirs]) => ours === theirs).length
    return {
      figures: { groups: found },
      measured,
      cells: [],
      tables: [
        {
          caption: 'All parts together; in brackets the paper’s where it differs',
          columns: ['data set', ...NAMES],
          rows: found.map((group) => [
            DATASET_TITLES[group.dataset],
            ...NAMES.map((name, c) => {
              const [ours, theirs] = [printed(group[name], c), printed(paper.table2.values[group.dataset][c] ?? 0, c)]
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

function sizesOf({
  users,
  items,
  parts: { train, validation, test, biasedTest },
}: Dataset): Pick<SizedGroup, (typeof NAMES)[number]> {
  const interactions = [train, validation, test, biasedTest].reduce((sum, part) => sum + (part?.columns.length ?? 0), 0)
  return {
    users: users.size,
    items: items.size,
    interactions,
    density: interactions / (users.size * items.size),
  }
}

function printed(value: number, column: number): string {
  return column === 3 ? value.toFixed(6) : value.toLocaleString('en-US')
}
