/** The deviation of ours from the paper's, as a share of the paper's. */
export function deviation(ours: number, paper: number): number {
  return ours / paper - 1
}

/** `+2 %`, `−11 %`. */
export function signedPercent(share: number): string {
  const rounded = Math.round(100 * share)
  return `${rounded < 0 ? '−' : '+'}${Math.abs(rounded)} %`
}

/** `0.1762 ± 0.0011 (0.173, +2 %)`: ours, and in brackets the paper's and how far ours is above or below it. */
export function besidePaper(
  ours: { readonly mean: number; readonly sd: number | null } | undefined,
  paper: number | undefined,
  decimals = 4,
): string {
  const theirs = paper?.toFixed(3)
  if (ours === undefined) return theirs === undefined ? '–' : `– (${theirs})`
  const spread = ours.sd === null ? '' : ` ± ${ours.sd.toFixed(decimals)}`
  const brackets =
    paper === undefined || theirs === undefined ? '' : ` (${theirs}, ${signedPercent(deviation(ours.mean, paper))})`
  return `${ours.mean.toFixed(decimals)}${spread}${brackets}`
}

/** How near to the paper some numbers come. */
export interface Closeness {
  /** Pairs that were compared. */
  readonly compared: number
  /** Ours is within `within` of the paper's. */
  readonly near: number
  readonly above: number
  readonly below: number
}

/** @param within largest share of the paper's number by which ours may differ from it and still be near */
export function closenessOf(pairs: readonly (readonly [ours: number, paper: number])[], within = 0.05): Closeness {
  let [near, above, below] = [0, 0, 0]
  for (const [ours, paper] of pairs) {
    const off = deviation(ours, paper)
    // A hair of room: 0.0525 is 5 % above 0.05, whatever floating point makes of it.
    if (Math.abs(off) <= within + 1e-9) near++
    else if (off > 0) above++
    else below++
  }
  return { compared: pairs.length, near, above, below }
}

/** `within 5 % of the paper’s: 12 of 18 numbers (4 higher, 2 lower)`. */
export function describeCloseness({ compared, near, above, below }: Closeness): string {
  if (compared === 0) return 'nothing measured yet'
  return `within 5 % of the paper’s: ${near} of ${compared} numbers (${above} higher, ${below} lower)`
}
