import { metricLabel } from '@gradrec/core'
import { groupedBars } from '@gradrec/report'
import type { Artefact } from '../artefact.ts'
import type { Cell } from '../cell.ts'
import { CLAIM_COLUMNS, claimRows, describeClaims, type JudgedClaim } from '../claims.ts'
import { besideEarlier } from '../earlierResult.ts'
import { figureBackbones } from '../figureBackbones.ts'
import { groupName } from '../group.ts'
import { PAPER_METRICS, type BackboneKind, type Paper, type PaperDataset } from '../paper.ts'
import { firstSeed } from '../selection.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts } from '../trainedCells.ts'

const LOSSES = ['bpr', 'bce'] as const
const METHODS = ['original', 'gradient'] as const

/** One model with one loss. */
export interface LossBar {
  readonly loss: (typeof LOSSES)[number]
  readonly method: (typeof METHODS)[number]
  /** In the order of the paper's metrics. */
  readonly metrics: readonly number[]
}

export interface LossFigure {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly bars: readonly LossBar[]
}

/** Fig. 4: the original model and ours with either loss. */
export const fig4: Artefact = {
  name: 'fig4',
  title: 'Fig. 4: BPR and BCE loss',
  datasets: ['ml10m', 'netflix'],
  anyDataset: true,
  cells: (selection, datasets) =>
    datasets.flatMap((dataset) =>
      figureBackbones(selection).flatMap((backbone) =>
        LOSSES.flatMap((loss) =>
          METHODS.map((method) => ({ cell: cellOf(dataset, backbone, loss, method, firstSeed(selection)) })),
        ),
      ),
    ),
  async make({ datasets, selection, paper, trained, earlier, onStep }) {
    const measured: LossFigure[] = []
    const cells: CellFacts[] = []
    for (const dataset of datasets) {
      for (const backbone of figureBackbones(selection)) {
        const bars: LossBar[] = []
        for (const loss of LOSSES) {
          for (const method of METHODS) {
            const cell = cellOf(dataset, backbone, loss, method, firstSeed(selection))
            if (!trained.has(cell)) continue
            onStep(`evaluating ${dataset} ${backbone} ${method} ${loss}`)
            const { evaluation } = await trained.evaluated(cell)
            bars.push({
              loss,
              method,
              metrics: PAPER_METRICS.map((metric) => evaluation.metrics[metric] ?? Number.NaN),
            })
            cells.push(await trained.facts(cell))
          }
        }
        if (bars.length > 0) measured.push({ dataset, backbone, bars })
      }
    }
    const figures = besideEarlier(measured, earlier)
    const claims = figures.flatMap((each) => judgedLosses(each, paper))
    return {
      figures: { groups: figures, claims },
      measured,
      cells,
      tables: [
        ...figures.map(({ dataset, backbone, bars }) => ({
          caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`,
          columns: ['method', 'loss', ...PAPER_METRICS.map(metricLabel)],
          rows: bars.map(({ loss, method, metrics }) => [
            method,
            loss.toUpperCase(),
            ...metrics.map((value) => value.toFixed(4)),
          ]),
        })),
        ...(claims.length > 0
          ? [{ caption: 'What the paper says about the figure', columns: CLAIM_COLUMNS, rows: claimRows(claims) }]
          : []),
      ],
      drawings: Object.fromEntries(measured.map((each) => [groupName(each), drawingOf(each, selection.quick)])),
      comparison: describeClaims(claims),
      notes: [
        'Both losses are trained with the same other settings, which were chosen for one of them. The paper’s figure gives no numbers.',
      ],
    }
  },
}

function cellOf(
  dataset: PaperDataset,
  backbone: BackboneKind,
  loss: LossBar['loss'],
  method: LossBar['method'],
  seed: number,
): Cell {
  return { dataset, backbone, method, variant: loss, seed }
}

function drawingOf({ dataset, backbone, bars }: LossFigure, quick: boolean): string {
  const title = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${quick ? ' (not a result)' : ''}`
  return groupedBars({
    title,
    measure: 'mean over users',
    subtitle: 'the original model and the paper’s method with either loss',
    axis: 'metric',
    description: `Bars of the paper’s metrics for original and gradient with BPR and BCE on ${title}.`,
    values: PAPER_METRICS.flatMap((metric, m) =>
      bars.map(({ loss, method, metrics }) => ({
        group: metricLabel(metric),
        model: `${method}, ${loss.toUpperCase()}`,
        value: metrics[m] ?? Number.NaN,
      })),
    ),
  })
}

/** With each loss: whether ours is better by all three metrics. */
export function judgedLosses({ dataset, backbone, bars }: LossFigure, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  return LOSSES.flatMap((loss) => {
    const [original, ours] = METHODS.map((wanted) => bars.find((bar) => bar.loss === loss && bar.method === wanted))
    if (original === undefined || ours === undefined) return []
    const pairs = ours.metrics.map((value, m) => [value, original.metrics[m] ?? Number.NaN] as const)
    return [
      {
        on,
        ...paper.claims.fig4[loss],
        found: PAPER_METRICS.map((metric, m) => {
          const [a = Number.NaN, b = Number.NaN] = pairs[m] ?? []
          return `${metricLabel(metric)} ${a.toFixed(4)} against ${b.toFixed(4)}`
        }).join(', '),
        holds: pairs.every(([a, b]) => a > b),
      },
    ]
  })
}
