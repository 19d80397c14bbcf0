/** How many interactions users and items of a data set have: nothing of the data but this. */
export interface Curve {
  /**
   * Counts from the smallest to the largest, each as what it exceeds the one before it by, and behind an `x` how many users have it
   * where more than one does: `1x8 1x45 3` are 8 users with 1, 45 with 2 and one with 5.
   */
  readonly users: string
  /** The same of items. */
  readonly items: string
}

/** A curve's counts, the largest first. */
export function countsOf(curve: string): Uint32Array {
  const counts: number[] = []
  let count = 0
  for (const word of curve.split(' ')) {
    const [step = '', howMany = '1'] = word.split('x')
    count += Number(step)
    for (let n = 0; n < Number(howMany); n++) counts.push(count)
  }
  return Uint32Array.from(counts).toReversed()
}
