/** Something the paper says about a figure, and whether ours shows it. */
export interface JudgedClaim {
  /** What it is about: data set and backbone. */
  readonly on: string
  readonly text: string
  readonly place: string
  /** How it was judged, with the numbers. */
  readonly found: string
  readonly holds: boolean
}

/** `3 of 4 statements of the paper hold: …`, with those that do not. */
export function describeClaims(claims: readonly JudgedClaim[]): string {
  if (claims.length === 0) return 'nothing measured yet'
  const fails = claims.filter(({ holds }) => !holds)
  const failing = fails.map(({ on, text }) => `${on}: ${text}`).join('; ')
  return `${claims.length - fails.length} of ${claims.length} statements of the paper hold${fails.length > 0 ? `; these do not: ${failing}` : ''}`
}

/** The claims as rows of a table. */
export function claimRows(claims: readonly JudgedClaim[]): string[][] {
  return claims.map(({ on, text, place, found, holds }) => [on, text, place, holds ? 'yes' : 'no', found])
}

export const CLAIM_COLUMNS = ['on', 'the paper', 'where', 'holds here', 'because'] as const
