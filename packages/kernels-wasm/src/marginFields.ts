import { popularityOrder, wholeMargin, type FitShape, type FitSpec } from '@gradrec/engine'
import type { LinearMemory } from './linearMemory.ts'

/** What a sampler with a margin keeps in the engine's memory: see assembly/marginNegatives.ts. */
type MarginArray = 'countOfItem' | 'orderItems' | 'orderCounts' | 'orderOwned'

/** Bytes of each. */
export function marginSizes({ sampler, interactions }: FitShape): Record<MarginArray, number> {
  const items = sampler.margin === undefined ? 0 : 4 * interactions.columnCount
  const pairs = sampler.margin === undefined ? 0 : 4 * interactions.columns.length
  return { countOfItem: items, orderItems: items, orderCounts: items, orderOwned: pairs }
}

export function writeMargin(
  memory: LinearMemory,
  { sampler: { margin }, interactions }: FitSpec,
  at: Readonly<Record<MarginArray, number>>,
): void {
  if (margin === undefined) return
  const { items, counts, owned } = popularityOrder(margin.popularity, interactions)
  memory.words(at.countOfItem, items.length).set(margin.popularity)
  memory.words(at.orderItems, items.length).set(items)
  memory.words(at.orderCounts, counts.length).set(counts)
  memory.words(at.orderOwned, owned.length).set(owned)
}

/** Fields of the fit's block. */
export function marginFields({ sampler: { margin } }: FitSpec): {
  readonly byMargin: number
  readonly downByMargin: number
  readonly pool: number
} {
  return {
    byMargin: margin === undefined ? 0 : 1,
    downByMargin: margin?.downRule === 'margin' ? 1 : 0,
    pool: margin?.pool ?? 0,
  }
}

/** A step's field in epoch `epoch`. Above the largest count there may be, a margin makes no further difference. */
export function stepMargin({ sampler: { margin } }: FitSpec, epoch: number): { readonly margin: number } {
  return { margin: margin === undefined ? 0 : Math.min(wholeMargin(margin, epoch), 2 ** 32 - 1) }
}
