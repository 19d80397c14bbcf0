import {
  boundedInteger,
  Stream,
  wholeMargin,
  type Key,
  type PopularityMargin,
  type PopularityOrder,
  type Sampler,
} from '@gradrec/engine'
import { complementItem } from './complementItem.ts'
import { negativeRanks } from './negativeRanks.ts'

/** What negatives are drawn from: `size` items that the user lacks, of all those in order of popularity from number `base` on. */
interface Pool {
  readonly base: number
  readonly size: number
}

export interface MarginSlot {
  readonly step: number
  readonly slot: number
  /** From 0. */
  readonly epoch: number
  /** The count of the slot's positive. */
  readonly count: number
  /** The user's places in the order, ascending. */
  readonly owned: Uint32Array
  readonly key: Key
}

/**
 * The negatives of one positive by `PopularityMargin`: item numbers. In the order of popularity more popular items are those from
 * place `upFrom` on and less popular ones those before `downTo`, so that a user's items among them are counted and left out as
 * `complementItem` leaves them out of the whole catalogue. Of each kind the slot draws ranks as a slot of that kind alone would,
 * with the numbers of its own negatives for the draws.
 */
export function marginNegatives(
  order: PopularityOrder,
  sampler: Pick<Sampler, 'negatives' | 'distinct'> & { readonly margin: PopularityMargin },
  at: MarginSlot,
): number[] {
  const { step, slot, owned, key } = at
  const { up, down, all } = pools(order, sampler.margin, at)
  const ofSlot = Array.from({ length: sampler.negatives }, (_, k) => k)
  const isUp = kinds(
    sampler.margin.pool,
    up,
    down,
    (k) => boundedInteger(2, step, slot, k, Stream.negativeKind, key) === 1,
  )
  const items: number[] = []
  for (const kind of [true, false]) {
    const members = ofSlot.filter((k) => isUp(k) === kind)
    const chosen = kind ? up : down
    const pool = chosen.size > 0 ? chosen : all
    const ranks = negativeRanks(pool.size, { ...sampler, negatives: members.length }, (bound, m) =>
      boundedInteger(bound, step, slot, members[m]!, Stream.negative, key),
    )
    for (const [m, k] of members.entries()) items[k] = order.items[complementItem(owned, pool.base + ranks[m]!)]!
  }
  return items
}

/** Whether negative k is to be more popular. Only where neither pool has any item does it name an empty one. */
function kinds(pool: number, up: Pool, down: Pool, isHeads: (k: number) => boolean): (k: number) => boolean {
  if (up.size < pool) return () => down.size === 0
  if (down.size < pool) return () => true
  return isHeads
}

function pools(
  { counts }: PopularityOrder,
  margin: PopularityMargin,
  { epoch, count, owned }: MarginSlot,
): { readonly up: Pool; readonly down: Pool; readonly all: Pool } {
  const m = wholeMargin(margin, epoch)
  const ownedBelow = (place: number): number => owned.filter((own) => own < place).length
  const upFrom = counts.filter((c) => c <= count + m).length
  const downTo = counts.filter((c) => (margin.downRule === 'half' ? 2 * c < count : c < count - m)).length
  const upBase = upFrom - ownedBelow(upFrom)
  const left = counts.length - owned.length
  return {
    up: { base: upBase, size: left - upBase },
    down: { base: 0, size: downTo - ownedBelow(downTo) },
    all: { base: 0, size: left },
  }
}
