import { readFile } from 'node:fs/promises'
import { formatBytes } from '@gradrec/engine'
import type { ScalePoint, ScaleTiming } from './measurePoint.ts'
import type { ScaleAxis, ScaleBackbone } from './scaleShape.ts'

/** How far the cost that should be the same at every size is from that. */
export interface Flatness {
  readonly backbone: ScaleBackbone
  readonly axis: ScaleAxis
  /** What is compared: an interaction that is trained on, or, with LightGCN, an interaction that is propagated over. */
  readonly of: 'nsPerInteraction' | 'nsPerEdge'
  /** The dearest point by the cheapest; 1 is flat. */
  readonly ratio: number
  readonly text: string
}

/** A ratio up to which a curve is called flat. */
const FLAT = 1.25

/** @param cacheBytes of the largest cache; left out where it is not known */
export function flatnessOf(points: readonly ScalePoint[], cacheBytes: number | undefined): Flatness[] {
  return (['mf', 'lgn'] as const).flatMap((backbone) =>
    (['interactions', 'items'] as const).flatMap((axis) => {
      const of = backbone === 'mf' ? 'nsPerInteraction' : 'nsPerEdge'
      const costs = points.flatMap((point) => {
        const cost = point.outcome.kind === 'trained' ? costOf(point.outcome, of) : undefined
        if (point.backbone !== backbone || point.axis !== axis || cost === undefined) return []
        return [{ cost, table: point.tableBytes, rows: distinctRows(point.outcome), edges: point.interactions }]
      })
      const byCost = costs.toSorted((a, b) => a.cost - b.cost)
      const [cheapest, dearest] = [byCost[0], byCost.at(-1)]
      if (cheapest === undefined || dearest === undefined || costs.length < 2) return []
      const ratio = dearest.cost / cheapest.cost
      const text = `${ratio.toFixed(2)} ×: ${ratio <= FLAT ? 'flat' : why(of, cheapest, dearest, cacheBytes)}`
      return [{ backbone, axis, of, ratio, text }]
    }),
  )
}

function costOf(timing: ScaleTiming, of: Flatness['of']): number | undefined {
  return of === 'nsPerEdge' ? timing.nsPerEdge : timing.nsPerInteraction
}

function distinctRows(outcome: ScalePoint['outcome']): number {
  return outcome.kind === 'trained' ? outcome.distinctRows : 0
}

interface Cost {
  readonly cost: number
  readonly table: number
  readonly rows: number
  /** Interactions of the data, over which LightGCN propagates. */
  readonly edges: number
}

/** What differs between the two points: what a step does besides, how many rows it touches, and how near a cache keeps them. */
function why(of: Flatness['of'], cheapest: Cost, dearest: Cost, cacheBytes: number | undefined): string {
  const cache = cacheBytes === undefined ? '' : `, beside a cache of ${formatBytes(cacheBytes)}`
  const tables = `cheapest with a table of ${formatBytes(cheapest.table)}, dearest with one of ${formatBytes(dearest.table)}${cache}`
  if (of === 'nsPerEdge') {
    return dearest.edges < cheapest.edges
      ? `${tables}: a step’s batch and optimizer cost as much over a small graph, with fewer interactions to share it`
      : tables
  }
  return (
    `${tables}; ` +
    `a step touches ${rounded(cheapest.rows)} and ${rounded(dearest.rows)} distinct rows, ` +
    `so that each is ${(dearest.cost / dearest.rows / (cheapest.cost / cheapest.rows)).toFixed(2)} × as dear`
  )
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** The processor's largest cache, where Linux tells. */
export async function largestCacheBytes(folder = '/sys/devices/system/cpu/cpu0/cache'): Promise<number | undefined> {
  const sizes = await Promise.all(
    [0, 1, 2, 3, 4].map(async (index) => {
      try {
        const text = await readFile(`${folder}/index${index}/size`, 'utf8')
        const [, digits, unit] = /^(\d+)([KM])$/.exec(text.trim()) ?? []
        return digits === undefined ? 0 : Number(digits) * (unit === 'M' ? 2 ** 20 : 2 ** 10)
      } catch {
        return 0
      }
    }),
  )
  const largest = Math.max(...sizes)
  return largest > 0 ? largest : undefined
}
