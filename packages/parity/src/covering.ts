/** One option of every choice, by the choices' names. */
export type Combination = Readonly<Record<string, string>>

/**
 * A short list of allowed combinations in which every three options of different choices meet, wherever an allowed combination
 * has them. Faults come from two or three options meeting and hardly ever from more, so that it finds what the full product
 * finds with a fraction of the runs. Greedy: the combination with most that is new comes next, the first of equals.
 *
 * @param choices at least three, each with its options
 */
export function coveringCombinations(
  choices: Readonly<Record<string, readonly string[]>>,
  allowed: (combination: Combination) => boolean,
): Combination[] {
  const left = product(choices).filter(allowed)
  const missing = new Set(left.flatMap(triplesOf))
  const chosen: Combination[] = []
  while (missing.size > 0) {
    let best = left[0] ?? {}
    let most = 0
    for (const combination of left) {
      const fresh = triplesOf(combination).filter((triple) => missing.has(triple)).length
      if (fresh > most) [best, most] = [combination, fresh]
    }
    for (const triple of triplesOf(best)) missing.delete(triple)
    chosen.push(best)
  }
  return chosen
}

/** Every combination of one option of each choice. */
export function product(choices: Readonly<Record<string, readonly string[]>>): Combination[] {
  let combinations: Combination[] = [{}]
  for (const [choice, options] of Object.entries(choices)) {
    combinations = combinations.flatMap((combination) =>
      options.map((option) => ({ ...combination, [choice]: option })),
    )
  }
  return combinations
}

/** Names for all that meets in a combination, three by three. */
export function triplesOf(combination: Combination): string[] {
  const parts = Object.entries(combination).map(([choice, option]) => `${choice}: ${option}`)
  return parts.flatMap((a, n) =>
    parts.slice(n + 1).flatMap((b, m) => parts.slice(n + m + 2).map((c) => `${a} | ${b} | ${c}`)),
  )
}
