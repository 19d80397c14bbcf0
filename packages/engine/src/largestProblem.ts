import type { FitShape } from './fitShape.ts'
import { memoryExcess, type MemoryPlan } from './memoryPlan.ts'

/** Row pointers and column numbers are 32-bit: more interactions than this no engine can number. */
const MOST = 0xffffffff

/**
 * The largest whole number for which a run fits, found by bisection over its plan; 0 where not even the smallest does.
 *
 * @param plan an engine's `memoryPlan`
 * @param shapeOf the shape of a run of size n, for example with n interactions; what it takes must not fall as n grows
 * @param most the largest size that is tried, at most 2³² − 1
 */
export function largestProblem(
  plan: (shape: FitShape) => MemoryPlan,
  shapeOf: (size: number) => FitShape,
  most: number = MOST,
): number {
  const fits = (size: number): boolean => memoryExcess(plan(shapeOf(size))) === undefined
  if (fits(most)) return most
  let fitting = 0
  let tooLarge = most
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2)
    if (fits(middle)) fitting = middle
    else tooLarge = middle
  }
  return fitting
}
