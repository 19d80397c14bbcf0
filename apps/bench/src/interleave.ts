/** One of the things that are compared: does its work once and resolves to what the round is worth, usually milliseconds. */
export type Side = () => Promise<number>

/** What a side's rounds came to. */
export interface Rounds {
  readonly median: number
  readonly minimum: number
  /** Half of the rounds lie between these. */
  readonly quartiles: readonly [lower: number, upper: number]
  /** In the order in which they were measured. */
  readonly values: readonly number[]
}

/**
 * Measures every side once a round, in turns, so that a machine that is slow for a while is slow for all of them. The order is turned
 * by one from round to round: nobody always comes after the same neighbour.
 *
 * @param afterEach called after every measurement, for progress and to stop by throwing
 */
export async function interleave<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  rounds: number,
  afterEach: (name: Name, round: number) => void = () => {},
): Promise<Record<Name, Rounds>> {
  const names = Object.keys(sides) as Name[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]
      if (name === undefined) continue
      values[name].push(await sides[name]())
      afterEach(name, round)
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(values[name])])) as Record<Name, Rounds>
}

/**
 * Median, over the rounds, of a side divided by another measured in the same round: what the two have in common, such as a machine that
 * was busy just then, cancels.
 */
export function pairedRatio(side: Rounds, base: Rounds): number {
  return quantile(
    side.values.map((value, round) => value / (base.values[round] ?? Number.NaN)).toSorted((a, b) => a - b),
    0.5,
  )
}

export function summary(values: readonly number[]): Rounds {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    minimum: sorted[0] ?? Number.NaN,
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    values,
  }
}

/** With linear interpolation between neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (place - Math.floor(place)) * (above - below)
}
