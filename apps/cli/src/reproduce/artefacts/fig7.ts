import { metricLabel, tune, type Dials } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { groupedBars } from '@gradrec/report'
import { describeDials } from '../../output/describeDials.ts'
import { percent } from '../../output/formatNumbers.ts'
import type { Artefact } from '../artefact.ts'
import type { Cell } from '../cell.ts'
import { CLAIM_COLUMNS, claimRows, describeClaims, type JudgedClaim } from '../claims.ts'
import { besideEarlier } from '../earlierResult.ts'
import { figureBackbones } from '../figureBackbones.ts'
import { groupName } from '../group.ts'
import { PAPER_METRICS, type BackboneKind, type Paper, type PaperDataset } from '../paper.ts'
import { firstSeed } from '../selection.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts, TrainedCells } from '../trainedCells.ts'

const METHODS = ['original', 'gradient'] as const

/** What is drawn: each model as it is, and ours with its dials found anew for each mixture, on validation mixed alike. */
const SHOWN = { original: 'original', gradient: 'gradient', retuned: 'gradient, dials by mixture' } as const
type Shown = keyof typeof SHOWN
const ALL_SHOWN = Object.keys(SHOWN) as readonly Shown[]

/** Both models on one test part. */
export interface MixedPoint {
  /** How much of the test part is intervened. */
  readonly share: number
  /** In the order of the paper's metrics. */
  readonly metrics: Readonly<Record<Shown, readonly number[]>>
  /** Of `retuned`. */
  readonly dials: Dials
}

export interface MixedFigure {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly points: readonly MixedPoint[]
}

/** Fig. 7: tests of one size, from all drawn like the training data to all intervened. */
export const fig7: Artefact = {
  name: 'fig7',
  title: 'Fig. 7: proportion of intervened test data',
  datasets: ['ml10m'],
  anyDataset: true,
  cells: (selection, datasets) =>
    datasets.flatMap((dataset) =>
      figureBackbones(selection).flatMap((backbone) =>
        METHODS.map((method) => ({ cell: cellOf(dataset, backbone, method, firstSeed(selection)) })),
      ),
    ),
  async make({ datasets, selection, paper, trained, earlier, loadMixes, signal, onStep }) {
    const measured: MixedFigure[] = []
    const cells: CellFacts[] = []
    for (const dataset of datasets) {
      for (const backbone of figureBackbones(selection)) {
        const [original, gradient] = METHODS.map((method) =>
          cellOf(dataset, backbone, method, firstSeed(selection)),
        ) as [Cell, Cell]
        if (!trained.has(original) || !trained.has(gradient)) continue
        const points: MixedPoint[] = []
        for (const [share, mixed] of await loadMixes(dataset)) {
          onStep(`evaluating ${dataset} ${backbone} on ${percent(share)} intervened`)
          const metricsOf = async (cell: Cell, turned: Dials = {}): Promise<readonly number[]> => {
            const { evaluation } = await trained.evaluated(cell, { dataset: mixed, turned })
            return PAPER_METRICS.map((metric) => evaluation.metrics[metric] ?? Number.NaN)
          }
          const dials = await dialsFor(mixed, gradient, trained, signal)
          points.push({
            share,
            metrics: {
              original: await metricsOf(original),
              gradient: await metricsOf(gradient),
              retuned: await metricsOf(gradient, dials),
            },
            dials,
          })
        }
        measured.push({ dataset, backbone, points })
        cells.push(await trained.facts(original), await trained.facts(gradient))
      }
    }
    const figures = besideEarlier(measured, earlier)
    const claims = figures.flatMap((each) => judgedMixes(each, paper))
    return {
      figures: { groups: figures, claims },
      measured,
      cells,
      tables: [
        ...figures.map(({ dataset, backbone, points }) => ({
          caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`,
          columns: ['intervened', 'model', ...PAPER_METRICS.map(metricLabel), 'its dials'],
          rows: points.flatMap(({ share, metrics, dials }) =>
            ALL_SHOWN.map((shown) => [
              percent(share),
              SHOWN[shown],
              ...metrics[shown].map((value) => value.toFixed(4)),
              shown === 'retuned' ? describeDials(dials) : '',
            ]),
          ),
        })),
        ...(claims.length > 0
          ? [{ caption: 'What the paper says about the figure', columns: CLAIM_COLUMNS, rows: claimRows(claims) }]
          : []),
      ],
      drawings: Object.fromEntries(measured.map((each) => [groupName(each), drawingOf(each, selection.quick)])),
      comparison: describeClaims(claims),
      notes: [
        'The split is ours, because DICE’s holds nothing out that is drawn like its training data: 60 % of all interactions train, 20 % are ' +
          'drawn against popularity (intervened) and 20 % evenly, a quarter of each for validation.',
        'Both models are trained once and tested on mixtures of one size. The dials of gradient are chosen once, on the intervened validation part, or ' +
          'for each mixture on validation mixed alike; the paper does not say which.',
      ],
    }
  },
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, method: (typeof METHODS)[number], seed: number): Cell {
  return { dataset, backbone, method, split: 'mix', seed }
}

/** The dials that rank validation best, mixed as the test is. */
async function dialsFor(mixed: Dataset, cell: Cell, trained: TrainedCells, signal: AbortSignal): Promise<Dials> {
  const model = await trained.model(cell)
  // All mixtures have the training part that the model has seen, and only their held-out parts differ.
  const { best } = await tune({ ...model, dataHash: mixed.hash }, mixed, trained.engine, { signal })
  return best.dials
}

function drawingOf({ dataset, backbone, points }: MixedFigure, quick: boolean): string {
  const title = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${quick ? ' (not a result)' : ''}`
  return groupedBars({
    title,
    measure: 'Recall@20',
    subtitle: 'Recall@20 by how much of the test part is intervened',
    axis: 'share of the test part that is intervened',
    description: `Bars of Recall@20 for original, gradient and gradient with its dials found anew at ${points.length} shares of intervened test data on ${title}.`,
    values: points.flatMap(({ share, metrics }) =>
      ALL_SHOWN.map((shown) => ({
        group: percent(share),
        model: SHOWN[shown],
        value: metrics[shown][0] ?? Number.NaN,
      })),
    ),
  })
}

/** By Recall@20, with the dials of gradient chosen once and with those found for each mixture. */
export function judgedMixes({ dataset, backbone, points }: MixedFigure, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  return [
    ...judgedGains(on, gainsOf(points, 'gradient'), paper),
    ...judgedGains(`${on}, dials by mixture`, gainsOf(points, 'retuned'), paper),
  ]
}

interface Gain {
  readonly share: number
  readonly gain: number
}

function gainsOf(points: readonly MixedPoint[], ours: Shown): readonly Gain[] {
  return points.map(({ share, metrics }) => ({
    share,
    gain: (metrics[ours][0] ?? Number.NaN) - (metrics.original[0] ?? Number.NaN),
  }))
}

function judgedGains(on: string, gains: readonly Gain[], paper: Paper): JudgedClaim[] {
  const last = gains.at(-1)
  if (last === undefined) return []
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`
  const found = `gain in Recall@20 of gradient over original: ${gains.map(({ share, gain }) => `${signed(gain)} at ${percent(share)}`).join(', ')}`
  const { oursWinsFrom75, gainGrows } = paper.claims.fig7
  return [
    { on, ...oursWinsFrom75, found, holds: gains.every(({ share, gain }) => gain > 0 === share >= 0.75) },
    { on, ...gainGrows, found, holds: gains.every(({ gain }) => gain <= last.gain) && last.gain > 0 },
  ]
}
