import type { HeadAndTail } from './listTotals.ts'

/** Population standard deviation / mean of two groups' rates r = part / whole; 0 where a rate is undefined or both are 0. */
export function relativeDeviation(part: HeadAndTail, whole: HeadAndTail): number {
  if (whole.head === 0 || whole.tail === 0) return 0
  const head = part.head / whole.head
  const tail = part.tail / whole.tail
  // std = |head − tail| / 2 and mean = (head + tail) / 2.
  return head + tail === 0 ? 0 : Math.abs(head - tail) / (head + tail)
}
