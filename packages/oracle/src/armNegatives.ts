import { boundedInteger, rowColumns, Stream, type Csr, type Key, type Sampler } from '@gradrec/engine'
import { complementItem } from './complementItem.ts'
import { negativeRanks } from './negativeRanks.ts'

export interface ArmSlot {
  readonly step: number
  readonly slot: number
  readonly user: number
  /** A column of the interactions: below n in the control arm, from n on in the treatment arm. */
  readonly positive: number
  readonly key: Key
}

/**
 * The negatives of one positive where the interactions have two `Arms` of n items each: uniform over the items of the positive's
 * arm that the user has no interaction with there, whatever the user has in the other. Ranks and draws are those of a run without
 * arms over the n items of that arm.
 */
export function armNegatives(
  interactions: Csr,
  sampler: Pick<Sampler, 'negatives' | 'distinct'>,
  { step, slot, user, positive, key }: ArmSlot,
): number[] {
  const items = interactions.columnCount / 2
  const first = positive < items ? 0 : items
  const owned = rowColumns(interactions, user)
    .filter((column) => first <= column && column < first + items)
    .map((column) => column - first)
  const ranks = negativeRanks(items - owned.length, sampler, (bound, k) =>
    boundedInteger(bound, step, slot, k, Stream.negative, key),
  )
  return ranks.map((rank) => first + complementItem(owned, rank))
}
