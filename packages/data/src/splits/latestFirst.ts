import type { Key } from '@gradrec/engine'
import { drawPositions } from './drawPositions.ts'

/**
 * The positions 0 … n − 1 of `times`, latest first. Equal times, which are common (MovieLens users rate whole pages at once),
 * stand in random order, drawn as `drawPositions` draws from the counter (c0, c1): the order of ids would favour old, popular
 * items.
 */
export function latestFirst(times: Float64Array, c0: number, c1: number, key: Key): Uint32Array {
  // Sorting is stable, so equal times stay shuffled.
  return drawPositions(times.length, times.length, c0, c1, key).sort((a, b) => times[b]! - times[a]!)
}
