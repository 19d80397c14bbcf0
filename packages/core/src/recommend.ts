import { columnCounts, NO_ITEM, rowColumns, type Csr, type Engine, type Matrix } from '@gradrec/engine'
import { ConfigError, DatasetError } from './errors.ts'
import type { Model } from './model.ts'

export interface RecommendOptions {
  /** Outside ids of the users. Default: all users of the model. */
  readonly users?: readonly string[]
  /** Items per user, 1 … 1,024. Default 20. */
  readonly k?: number
  /** Leave out what a user was trained with. Default true. */
  readonly excludeSeen?: boolean
  /** Outside ids of items that nobody is to get. Ids the model does not know are no matter. */
  readonly excludeItems?: readonly string[]
  /**
   * What users get that the model does not know: the items with most training interactions (default), nothing, or an error
   * that names them.
   */
  readonly unknownUsers?: 'mostPopular' | 'none' | 'refuse'
}

export interface Recommendation {
  /** Outside id. */
  readonly item: string
  /** Inner product of the two vectors; for an unknown user the item's training interactions. */
  readonly score: number
}

export interface UserRecommendations {
  /** Outside id, as asked for. */
  readonly user: string
  /** Whether the model knows the user; otherwise `items` is the fallback. */
  readonly isKnown: boolean
  /** Best first; fewer than k where a user has fewer items left. */
  readonly items: readonly Recommendation[]
}

/** Users ranked in one call. */
const USERS_PER_BLOCK = 4096

/**
 * Recommends items to users by their outside ids: the exact top-k over the whole catalogue, at the model's dials.
 *
 * @returns one answer a user, in the order asked
 * @throws ConfigError for a k out of range, DatasetError for unknown users where they are refused
 *
 * @example await recommend(model, engine, { users: ['42'], k: 10 })
 */
export async function recommend(
  model: Model,
  engine: Engine,
  options: RecommendOptions = {},
): Promise<UserRecommendations[]> {
  const answers: UserRecommendations[] = []
  for await (const block of recommendInBlocks(model, engine, options)) answers.push(...block)
  return answers
}

/** The same, block after block, for more users than answers should be held at once. */
export async function* recommendInBlocks(
  model: Model,
  engine: Engine,
  options: RecommendOptions = {},
): AsyncGenerator<UserRecommendations[], void, void> {
  const { k = 20, excludeSeen = true, excludeItems = [], unknownUsers = 'mostPopular' } = options
  if (!Number.isInteger(k) || k < 1 || k > 1024) throw new ConfigError('k', k, 'a whole number from 1 to 1024')
  const users = options.users ?? Array.from({ length: model.users.size }, (_, row) => model.users.idOf(row))
  if (unknownUsers === 'refuse') refuseUnknown(model, users)
  const banned = Uint32Array.from(excludeItems.flatMap((id) => model.items.indexOf(id) ?? [])).sort()
  const fallback = unknownUsers === 'mostPopular' ? mostPopularOf(model, k, banned) : []
  for (let begin = 0; begin < users.length; begin += USERS_PER_BLOCK) {
    const block = users.slice(begin, begin + USERS_PER_BLOCK)
    const rows = block.map((id) => model.users.indexOf(id))
    const known = Uint32Array.from(rows.flatMap((row) => row ?? []))
    const exclude = excluded(excludeSeen ? model.seen : undefined, known, banned, model.items.size)
    const { items, scores } = await engine.rank(rowsOf(model.vectors.users, known), model.vectors.items, { k, exclude })
    let ranked = 0
    yield block.map((user, n): UserRecommendations => {
      if (rows[n] === undefined) return { user, isKnown: false, items: fallback }
      const first = k * ranked++
      const list: Recommendation[] = []
      for (let place = first; place < first + k && items[place] !== NO_ITEM; place++) {
        list.push({ item: model.items.idOf(items[place]!), score: scores[place]! })
      }
      return { user, isKnown: true, items: list }
    })
  }
}

function refuseUnknown(model: Model, users: readonly string[]): void {
  const unknown = users.filter((id) => model.users.indexOf(id) === undefined)
  if (unknown.length === 0) return
  const some = unknown.slice(0, 3).map((id) => `"${id}"`)
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : ''
  throw new DatasetError(
    `the model does not know user ${some.join(', ')}${more}; it was trained on ${model.users.size} users`,
  )
}

/** What is left out for each of some users: what they have, and what nobody is to get. */
function excluded(seen: Csr | undefined, users: Uint32Array, banned: Uint32Array, items: number): Csr {
  const rowPointer = new Uint32Array(users.length + 1)
  const rows = Array.from(users, (user, n) => {
    const own = seen === undefined ? new Uint32Array(0) : rowColumns(seen, user)
    const row = banned.length === 0 ? own : Uint32Array.from(new Set([...own, ...banned])).sort()
    rowPointer[n + 1] = rowPointer[n]! + row.length
    return row
  })
  const columns = new Uint32Array(rowPointer.at(-1) ?? 0)
  for (const [n, row] of rows.entries()) columns.set(row, rowPointer[n])
  return { rows: users.length, columnCount: items, rowPointer, columns }
}

function mostPopularOf(model: Model, k: number, banned: Uint32Array): Recommendation[] {
  const counts = columnCounts(model.seen)
  const isBanned = new Set(banned)
  const order = Uint32Array.from(counts, (_, item) => item).sort((a, b) => counts[b]! - counts[a]! || a - b)
  return [...order.filter((item) => !isBanned.has(item)).subarray(0, k)].map((item) => ({
    item: model.items.idOf(item),
    score: counts[item]!,
  }))
}

function rowsOf({ dimension, values }: Matrix, rows: Uint32Array): Matrix {
  const chosen = new Float32Array(rows.length * dimension)
  rows.forEach((row, to) => chosen.set(values.subarray(row * dimension, (row + 1) * dimension), to * dimension))
  return { rows: rows.length, dimension, values: chosen }
}
