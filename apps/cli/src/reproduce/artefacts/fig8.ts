import { PAPER_GRID, tune, type TunedSetting } from '@gradrec/core'
import { alphaSurface } from '@gradrec/report'
import { percent } from '../../output/formatNumbers.ts'
import { describeDials } from '../../output/describeDials.ts'
import type { Artefact } from '../artefact.ts'
import type { Cell } from '../cell.ts'
import { CLAIM_COLUMNS, claimRows, describeClaims, type JudgedClaim } from '../claims.ts'
import { besideEarlier } from '../earlierResult.ts'
import { figureBackbones } from '../figureBackbones.ts'
import { groupName } from '../group.ts'
import type { BackboneKind, Paper, PaperDataset } from '../paper.ts'
import { firstSeed } from '../selection.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts } from '../trainedCells.ts'

/** Share of the best that counts as doing well. */
const NEARLY = 0.98

/** Recall@20 on the test part over both dials. */
export interface Surface {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly grid: readonly number[]
  /** `recall[n][m]`: αUser at the n-th value of the grid, αItem at the m-th. */
  readonly recall: readonly (readonly number[])[]
  /** Where the model's dials stand: chosen on validation. */
  readonly dials: Readonly<Record<string, number>>
}

/** Fig. 8: Recall@20 over the two dials. */
export const fig8: Artefact = {
  name: 'fig8',
  title: 'Fig. 8: effect of α1 and α2',
  datasets: ['ml10m'],
  anyDataset: true,
  cells: (selection, datasets) =>
    datasets.flatMap((dataset) =>
      figureBackbones(selection).map((backbone) => ({ cell: cellOf(dataset, backbone, firstSeed(selection)) })),
    ),
  async make({ datasets, selection, paper, trained, earlier, signal, onStep }) {
    const measured: Surface[] = []
    const cells: CellFacts[] = []
    for (const dataset of datasets) {
      for (const backbone of figureBackbones(selection)) {
        const cell = cellOf(dataset, backbone, firstSeed(selection))
        if (!trained.has(cell)) continue
        const model = await trained.model(cell)
        // The whole surface is shown, and nothing chosen by it.
        const { settings } = await tune(model, trained.dataset(cell), trained.engine, {
          part: 'test',
          metric: 'recall@20',
          grid: PAPER_GRID,
          signal,
          onProgress: (share) => onStep(`dials on ${dataset} ${backbone} · ${percent(Math.floor(share * 100) / 100)}`),
        })
        measured.push({ dataset, backbone, grid: PAPER_GRID, recall: surfaceOf(settings), dials: model.dials })
        cells.push(await trained.facts(cell))
      }
    }
    const surfaces = besideEarlier(measured, earlier)
    const claims = surfaces.flatMap((surface) => judgedSurface(surface, paper))
    return {
      figures: { groups: surfaces, claims },
      measured,
      cells,
      tables: [
        ...surfaces.map(({ dataset, backbone, grid, recall, dials }) => ({
          caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}: Recall@20 on the test part; down α1 (αUser), across α2 (αItem); the model’s own: ${describeDials(dials)}`,
          columns: ['α1 \\ α2', ...grid.map(String)],
          rows: recall.map((row, n) => [String(grid[n]), ...row.map((value) => value.toFixed(4))]),
        })),
        ...(claims.length > 0
          ? [{ caption: 'What the paper says about the figure', columns: CLAIM_COLUMNS, rows: claimRows(claims) }]
          : []),
      ],
      drawings: Object.fromEntries(
        measured.map((surface) => [groupName(surface), drawingOf(surface, selection.quick)]),
      ),
      comparison: describeClaims(claims),
      notes: [
        'In this figure the paper’s α1 is the user’s dial (αUser) and its α2 the item’s (αItem), the other way round than in its equations.',
        'The surface is measured on the test part, as the paper’s seems to be. Nothing is chosen by it: the model’s own dials were chosen on validation.',
      ],
    }
  },
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, seed: number): Cell {
  return { dataset, backbone, method: 'gradient', seed }
}

function surfaceOf(settings: readonly TunedSetting[]): number[][] {
  const at = new Map(
    settings.map(({ dials: { alphaUser = 0, alphaItem = 0 }, metrics }) => [
      `${alphaUser} ${alphaItem}`,
      metrics['recall@20'] ?? Number.NaN,
    ]),
  )
  return PAPER_GRID.map((user) => PAPER_GRID.map((item) => at.get(`${user} ${item}`) ?? Number.NaN))
}

function drawingOf({ dataset, backbone, grid, recall }: Surface, quick: boolean): string {
  return alphaSurface({
    dataset: `${DATASET_TITLES[dataset]}, test${quick ? ' (not a result)' : ''}`,
    model: BACKBONE_TITLES[backbone],
    metric: 'Recall@20',
    points: recall.flatMap((row, n) =>
      row.map((value, m) => ({ alphaUser: grid[n] ?? 0, alphaItem: grid[m] ?? 0, value })),
    ),
  })
}

/** The paper's statements, on means over the other dial. */
export function judgedSurface({ dataset, backbone, grid, recall }: Surface, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  const { alphaUserBest, largeAlphaUserHurts, largeAlphaItemHelps } = paper.claims.fig8
  const byUser = recall.map(mean)
  const byItem = grid.map((_, m) => mean(recall.map((row) => row[m] ?? Number.NaN)))
  const highest = Math.max(...recall.flat())
  const inRange = Math.max(...recall.flatMap((row, n) => (isPapersRange(grid[n] ?? 0) ? row : [])))
  const last = grid.length - 1
  const text = (value = Number.NaN): string => value.toFixed(4)
  return [
    {
      on,
      ...alphaUserBest,
      found: `best over α2: ${text(inRange)} with α1 in this range, ${text(highest)} with any (judged: within ${percent(1 - NEARLY)})`,
      holds: inRange >= NEARLY * highest,
    },
    {
      on,
      ...largeAlphaUserHurts,
      found: `mean over α2: ${text(Math.max(...byUser))} at the best α1, ${text(byUser[last])} at ${grid[last]}`,
      holds: (byUser[last] ?? 0) < Math.max(...byUser),
    },
    {
      on,
      ...largeAlphaItemHelps,
      found: `mean over α1: ${text(byItem[0])} at α2 0, ${text(byItem[last])} at ${grid[last]}`,
      holds: (byItem[last] ?? 0) > (byItem[0] ?? 0),
    },
  ]
}

/** The α1 that the paper recommends; 0.2 + 0.2 + 0.2 is a hair more than 0.6. */
function isPapersRange(alphaUser: number): boolean {
  return alphaUser > 0.399 && alphaUser < 0.601
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
