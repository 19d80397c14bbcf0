import { popularityIn, type RecordedGradients } from '@gradrec/core'
import type { Csr } from '@gradrec/engine'
import { gradientByPopularity, type ItemGradients } from '@gradrec/report'
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

/** Medians over a share of the items, by popularity. */
export interface GradientBand {
  /** Shares of the items, most popular first. */
  readonly from: number
  readonly to: number
  readonly items: number
  readonly positiveCosine: number
  readonly negativeCosine: number
  readonly positiveNorm: number
  readonly negativeNorm: number
}

export interface GradientFigure {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly bands: readonly GradientBand[]
}

const BOUNDS = [0, 0.05, 0.1, 0.15, 0.2, 0.4, 0.6, 0.8, 1] as const
const QUANTITIES = ['positiveCosine', 'negativeCosine', 'positiveNorm', 'negativeNorm'] as const

/** Fig. 1: accumulated positive and negative gradients of items, by popularity. */
export const fig1: Artefact = {
  name: 'fig1',
  title: 'Fig. 1: accumulated gradients by item popularity',
  datasets: ['ml10m'],
  anyDataset: true,
  cells: (selection, datasets) =>
    datasets.flatMap((dataset) =>
      figureBackbones(selection).map((backbone) => ({ cell: cellOf(dataset, backbone, firstSeed(selection)) })),
    ),
  async make({ datasets, selection, paper, trained, earlier, onStep }) {
    const measured: GradientFigure[] = []
    const drawings: Record<string, string> = {}
    const cells: CellFacts[] = []
    for (const dataset of datasets) {
      for (const backbone of figureBackbones(selection)) {
        const cell = cellOf(dataset, backbone, firstSeed(selection))
        if (!trained.has(cell)) continue
        onStep(`reading the gradients of ${dataset} ${backbone}`)
        const model = await trained.model(cell)
        const { recorded } = model.trained
        if (recorded === undefined) continue
        const items = itemGradients(recorded, model.seen)
        measured.push({ dataset, backbone, bands: bandsOf(items) })
        drawings[groupName({ dataset, backbone })] = gradientByPopularity({
          title: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${selection.quick ? ' (not a result)' : ''}`,
          items,
        })
        cells.push(await trained.facts(cell))
      }
    }
    const figures = besideEarlier(measured, earlier)
    const claims = figures.flatMap((each) => judged(each, paper))
    return {
      figures: { groups: figures, claims },
      measured,
      cells,
      tables: [
        ...figures.map(({ dataset, backbone, bands }) => ({
          caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}: medians over items, most popular first`,
          columns: ['items', 'number', 'cos(G⁺, G)', 'cos(G⁻, G)', '‖G⁺‖', '‖G⁻‖'],
          rows: bands.map(({ from, to, items, ...band }) => [
            `${Math.round(100 * from)}–${Math.round(100 * to)} %`,
            String(items),
            signedCosine(band.positiveCosine),
            signedCosine(band.negativeCosine),
            band.positiveNorm.toPrecision(3),
            band.negativeNorm.toPrecision(3),
          ]),
        })),
        ...(claims.length > 0
          ? [{ caption: 'What the paper says about the figure', columns: CLAIM_COLUMNS, rows: claimRows(claims) }]
          : []),
      ],
      drawings,
      comparison: describeClaims(claims),
      notes: [
        'The model is trained without user normalisation, so it is plain BPR; its gradients are recorded on the way as in Algorithm 1: user ' +
          'vectors times the learning rate.',
        'G⁺ and G⁻ are an item’s accumulated gradients from positive and negative interactions, and G = G⁺ + G⁻.',
      ],
    }
  },
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, seed: number): Cell {
  return { dataset, backbone, method: 'gradient', variant: 'noNorm', seed }
}

/** Every item's accumulated gradients, most popular first (ties: the lower number). NaN where an item has none of a kind. */
export function itemGradients({ positive, negative }: RecordedGradients, seen: Csr): ItemGradients[] {
  const { items: counts } = popularityIn(seen)
  const order = Uint32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  const { dimension } = positive.items
  return Array.from(order, (item, rank) => {
    let [pp, nn, pn] = [0, 0, 0]
    for (let f = item * dimension; f < (item + 1) * dimension; f++) {
      const [p, n] = [positive.items.values[f] ?? 0, negative.items.values[f] ?? 0]
      pp += p * p
      nn += n * n
      pn += p * n
    }
    const whole = Math.sqrt(Math.max(0, pp + nn + 2 * pn))
    return {
      popularityRank: rank + 1,
      positiveCosine: (pp + pn) / (Math.sqrt(pp) * whole),
      negativeCosine: (nn + pn) / (Math.sqrt(nn) * whole),
      positiveNorm: Math.sqrt(pp),
      negativeNorm: Math.sqrt(nn),
    }
  })
}

/** Medians over shares of the items; what is not finite is left out. */
export function bandsOf(items: readonly ItemGradients[]): GradientBand[] {
  return BOUNDS.slice(1).map((to, n) => {
    const from = BOUNDS[n] ?? 0
    const band = items.slice(Math.round(from * items.length), Math.round(to * items.length))
    const medians = QUANTITIES.map((quantity) => [quantity, median(band.map((item) => item[quantity]))] as const)
    return {
      from,
      to,
      items: band.length,
      ...(Object.fromEntries(medians) as Pick<GradientBand, (typeof QUANTITIES)[number]>),
    }
  })
}

function judged({ dataset, backbone, bands }: GradientFigure, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  const [popular, rare] = [bands[0], bands.at(-1)]
  if (popular === undefined || rare === undefined) return []
  const { popularFollowPositive, unpopularOpposite, popularNormPositive } = paper.claims.fig1
  return [
    {
      on,
      ...popularFollowPositive,
      found: `median cos(G⁺, G) of the most popular 5 %: ${signedCosine(popular.positiveCosine)} (judged: above 0.9)`,
      holds: popular.positiveCosine > 0.9,
    },
    {
      on,
      ...unpopularOpposite,
      found: `least popular 20 %: cos(G⁻, G) ${signedCosine(rare.negativeCosine)}, cos(G⁺, G) ${signedCosine(rare.positiveCosine)}`,
      holds: rare.negativeCosine > rare.positiveCosine,
    },
    {
      on,
      ...popularNormPositive,
      found: `most popular 5 %: ‖G⁺‖ ${popular.positiveNorm.toPrecision(3)}, ‖G⁻‖ ${popular.negativeNorm.toPrecision(3)}`,
      holds: popular.positiveNorm > popular.negativeNorm,
    },
  ]
}

function signedCosine(value: number): string {
  return value.toFixed(3).replace('-', '−')
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)
  return (low + high) / 2
}
