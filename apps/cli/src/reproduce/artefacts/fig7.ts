import { metricLabel } from '@gradrec/core'
import { groupedBars } from '@gradrec/report'
import { percent } from '../../output/formatNumbers.ts'
import type { Artefact } from '../artefact.ts'
import type { Cell } from '../cell.ts'
import { CLAIM_COLUMNS, claimRows, describeClaims, type JudgedClaim } from '../claims.ts'
import { besideEarlier, groupName } from '../earlierResult.ts'
import { figureBackbones } from '../figureBackbones.ts'
import { PAPER_METRICS, type BackboneKind, type Paper, type PaperDataset } from '../paper.ts'
import { firstSeed } from '../selection.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts } from '../trainedCells.ts'

const METHODS = ['original', 'gradient'] as const

/** Both models on one test part. */
export interface MixedPoint {
  /** How much of the test part is intervened. */
  readonly share: number
  /** In the order of the paper's metrics, by method. */
  readonly metrics: Readonly<Record<(typeof METHODS)[number], readonly number[]>>
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
  async make({ datasets, selection, paper, trained, earlier, loadMixes, onStep }) {
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
          const metricsOf = async (cell: Cell): Promise<readonly number[]> => {
            const { evaluation } = await trained.evaluated(cell, { dataset: mixed })
            return PAPER_METRICS.map((metric) => evaluation.metrics[metric] ?? Number.NaN)
          }
          points.push({
            share,
            metrics: { original: await metricsOf(original), gradient: await metricsOf(gradient) },
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
          columns: [
            'intervened',
            ...METHODS.flatMap((method) => PAPER_METRICS.map((metric) => `${metricLabel(metric)} ${method}`)),
          ],
          rows: points.map(({ share, metrics }) => [
            percent(share),
            ...METHODS.flatMap((method) => metrics[method].map((value) => value.toFixed(4))),
          ]),
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
        'Both models are trained once and tested on mixtures of one size. Dials are chosen on the intervened validation part.',
      ],
    }
  },
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, method: (typeof METHODS)[number], seed: number): Cell {
  return { dataset, backbone, method, split: 'mix', seed }
}

function drawingOf({ dataset, backbone, points }: MixedFigure, quick: boolean): string {
  const title = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${quick ? ' (not a result)' : ''}`
  return groupedBars({
    title,
    measure: 'Recall@20',
    subtitle: 'Recall@20 by how much of the test part is intervened',
    axis: 'share of the test part that is intervened',
    description: `Bars of Recall@20 for original and gradient at ${points.length} shares of intervened test data on ${title}.`,
    values: points.flatMap(({ share, metrics }) =>
      METHODS.map((method) => ({ group: percent(share), model: method, value: metrics[method][0] ?? Number.NaN })),
    ),
  })
}

/** By Recall@20. */
export function judgedMixes({ dataset, backbone, points }: MixedFigure, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  const gains = points.map(({ share, metrics }) => ({
    share,
    gain: (metrics.gradient[0] ?? 0) - (metrics.original[0] ?? 0),
  }))
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
