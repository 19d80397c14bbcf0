import { compare, METHOD_KINDS, type Evaluation, type MethodKind } from '@gradrec/core'
import type { OverSeeds } from '../overSeeds.ts'
import { PAPER_METHODS, PAPER_METRICS, type BackboneKind, type PaperDataset, type PaperMetric } from '../paper.ts'

/** A row of the table, or one that the paper does not have. */
export interface ComparedRow {
  readonly label: string
  /** `undefined` for a recommender without training. */
  readonly method: MethodKind | undefined
  readonly seeds: readonly number[]
  /** In the order of the paper's metrics; `undefined` where nothing was trained. */
  readonly ours: readonly OverSeeds[] | undefined
  readonly paper: readonly number[] | undefined
  /** Mean training interactions of listed items. */
  readonly arp: number | undefined
  /** Dials and epoch of each seed. */
  readonly settings: readonly string[]
}

/** The paper's method against the best other row of the paper's by a metric, user by user. */
export interface AgainstBest {
  readonly metric: PaperMetric
  readonly against: MethodKind
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly effectSize: number
}

/** One data set with one backbone. */
export interface ComparedGroup {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly users: number
  readonly rows: readonly ComparedRow[]
  readonly againstBest: readonly AgainstBest[]
}

export const RESAMPLES = 10_000

/** In the order of the table: the paper's rows, then other methods. */
export const ROW_METHODS: readonly MethodKind[] = [...PAPER_METHODS, ...METHOD_KINDS.filter((kind) => !isPapers(kind))]

export function isPapers(method: MethodKind | undefined): boolean {
  return (PAPER_METHODS as readonly (string | undefined)[]).includes(method)
}

export function emptyRow(method: MethodKind | undefined): ComparedRow {
  return {
    label: method ?? '',
    method,
    seeds: [],
    ours: undefined,
    paper: undefined,
    arp: undefined,
    settings: [],
  }
}

/**
 * A group with the rows of an earlier result that were not trained now: one method can be trained again where the others' trainings
 * are gone. Of other users no row is taken over.
 */
export function withEarlierRows(
  group: ComparedGroup,
  earlier: ComparedGroup | undefined,
): { readonly group: ComparedGroup; readonly kept: readonly MethodKind[] } {
  if (earlier?.users !== group.users) return { group, kept: [] }
  const kept: MethodKind[] = []
  const rows = ROW_METHODS.flatMap((method) => {
    const [row, before] = [group, earlier].map((each) => each.rows.find((one) => one.method === method))
    if (row?.ours !== undefined || before?.ours === undefined) return row ?? []
    kept.push(method)
    return before
  })
  return { group: { ...group, rows: [...rows, ...group.rows.filter(({ method }) => method === undefined)] }, kept }
}

/**
 * The paper's method against the best of the paper's other rows, by each metric, in a paired bootstrap over users. Which row is best is
 * seen on the test part itself, which can only make the difference smaller. Pairing needs both methods' numbers of every user: where one
 * of the two was not evaluated now, a metric has what an earlier result says of the same two rows, or nothing.
 *
 * @param rows all of the group, also those of an earlier result
 * @param before of the earlier result: its differences, and the rows that are its own
 */
export function againstBestOf(
  evaluations: ReadonlyMap<MethodKind, Evaluation>,
  rows: readonly ComparedRow[],
  before: { readonly againstBest: readonly AgainstBest[]; readonly kept: readonly MethodKind[] } = {
    againstBest: [],
    kept: [],
  },
): AgainstBest[] {
  const others = rows.filter((row) => isPapers(row.method) && row.method !== 'gradient' && row.ours !== undefined)
  if (others.length === 0) return []
  return PAPER_METRICS.flatMap((metric, m) => {
    const valueOf = (row: ComparedRow): number => row.ours?.[m]?.mean ?? 0
    const { method: best } = others.reduce((a, b) => (valueOf(b) > valueOf(a) ? b : a))
    if (best === undefined) return []
    const [ours, theirs] = [evaluations.get('gradient'), evaluations.get(best)]
    if (ours === undefined || theirs === undefined) {
      const areKept = before.kept.includes('gradient') && before.kept.includes(best)
      return areKept ? before.againstBest.filter((each) => each.metric === metric && each.against === best) : []
    }
    const found = compare(ours, theirs, { metrics: [metric], resamples: RESAMPLES })[metric]
    if (found?.kind !== 'perUser') return []
    const { difference, interval, effectSize } = found
    return [{ metric, against: best, difference, low: interval.low, high: interval.high, effectSize }]
  })
}
