export interface Point {
  readonly x: number
  readonly y: number
}

/** Every n-th point, the first among them, with the smallest n that leaves no more than `most`. */
export function evenlyThinned<T>(points: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(points.length / most))
  return points.filter((_, n) => n % step === 0)
}

/**
 * Points sorted by x, cut into up to `bins` runs whose lengths differ by one at most; of each run the median x and the median y.
 */
export function binMedians(points: readonly Point[], bins: number): Point[] {
  const used = Math.min(bins, points.length)
  return Array.from({ length: used }, (_, bin) => {
    const run = points.slice(Math.floor((bin * points.length) / used), Math.floor(((bin + 1) * points.length) / used))
    return { x: median(run.map(({ x }) => x)), y: median(run.map(({ y }) => y)) }
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.floor((sorted.length - 1) / 2),
    Math.floor(sorted.length / 2) + 1,
  )
  return (low + high) / 2
}
