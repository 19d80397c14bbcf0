import type { Interactions } from '../interactions.ts'
import type { Chunks } from './chunks.ts'
import { readTable } from './readTable.ts'

/** `user item rating time`: the order of columns in all of MovieLens's rating files. */
const COLUMNS = { user: 0, item: 1, rating: 2, time: 3 } as const

/** Reads MovieLens 100K's `u.data`: tab separated user, item, rating, time, no header (METHODS.md §9.3). */
export function readUData(source: string, chunks: Chunks): Promise<Interactions> {
  return readTable(source, chunks, { delimiter: '\t', quotes: false, columns: COLUMNS })
}

/** Reads `ratings.dat` of MovieLens 1M and 10M: the same columns, separated by `::`. */
export function readRatingsDat(source: string, chunks: Chunks): Promise<Interactions> {
  return readTable(source, chunks, { delimiter: '::', quotes: false, columns: COLUMNS })
}
