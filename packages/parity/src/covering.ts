/** One option of every choice, by the choices' names. */
export type Combination = Readonly<Record<string, string>>

/**
 * A short list of allowed combinations in which everything meets that `meetings` names, wherever an allowed combination has it:
 * every three options of different choices, unless told otherwise. Faults come from two or three options meeting and hardly ever
 * from more, so that it finds what the full product finds with a fraction of the runs. Greedy: the combination with most that is
 * new comes next, the first of equals.
 *
 * @param choices at least three, each with its options
 * @param meetings what of a combination has to be in the list: names such as `triplesOf` gives
 */
export function coveringCombinations(
  choices: Readonly<Record<string, readonly string[]>>,
  allowed: (combination: Combination) => boolean,
  meetings: (combination: Combination) => readonly string[] = triplesOf,
): Combination[] {
  const left = product(choices)
    .filter(allowed)
    .map((combination) => ({ combination, meets: meetings(combination) }))
  const missing = new Set(left.flatMap(({ meets }) => meets))
  const chosen: Combination[] = []
  while (missing.size > 0) {
    let best = left[0]
    let most = 0
    for (const candidate of left) {
      const fresh = candidate.meets.filter((meeting) => missing.has(meeting)).length
      if (fresh > most) [best, most] = [candidate, fresh]
    }
    if (best === undefined) break
    for (const meeting of best.meets) missing.delete(meeting)
    chosen.push(best.combination)
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

/** Names for all that meets in a combination, two by two. */
export function pairsOf(combination: Combination): string[] {
  const parts = partsOf(combination)
  return parts.flatMap((a, n) => parts.slice(n + 1).map((b) => `${a} | ${b}`))
}

/** Names for all that meets in a combination, three by three. */
export function triplesOf(combination: Combination): string[] {
  const parts = partsOf(combination)
  return parts.flatMap((a, n) =>
    parts.slice(n + 1).flatMap((b, m) => parts.slice(n + m + 2).map((c) => `${a} | ${b} | ${c}`)),
  )
}

function partsOf(combination: Combination): string[] {
  return Object.entries(combination).map(([choice, option]) => `${choice}: ${option}`)
}
