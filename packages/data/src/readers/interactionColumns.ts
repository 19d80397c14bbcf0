import type { Repair } from '../dataset.ts'
import { DataFormatError, EmptyDataError } from '../errors.ts'
import { countColumn, doubleColumn, singleColumn } from '../growingColumn.ts'
import { IdTable } from '../idTable.ts'
import type { Interactions } from '../interactions.ts'
import { countRepair } from '../repair.ts'
import { parseNumber } from './parseNumber.ts'
import { parseTime } from './parseTime.ts'

const strictDecoder = new TextDecoder('utf-8', { fatal: true })
const decoder = new TextDecoder()

/** Where a reader puts what it reads: growing columns and id tables, with the checks that every text format shares. */
export class InteractionColumns {
  readonly #source: string
  readonly #users = new IdTable()
  readonly #items = new IdTable()
  readonly #user = countColumn()
  readonly #item = countColumn()
  readonly #rating = singleColumn()
  readonly #time = doubleColumn()

  constructor(source: string) {
    this.#source = source
  }

  /** The row number of a user's id. */
  userOf(bytes: Uint8Array, start: number, end: number, line: number): number {
    return this.#idOf(this.#users, 'user', bytes, start, end, line)
  }

  /** The row number of an item's id. */
  itemOf(bytes: Uint8Array, start: number, end: number, line: number): number {
    return this.#idOf(this.#items, 'item', bytes, start, end, line)
  }

  ratingOf(bytes: Uint8Array, start: number, end: number, line: number): number {
    const rating = parseNumber(bytes, start, end)
    if (!Number.isNaN(rating)) return rating
    const text = quote(bytes, start, end)
    throw new DataFormatError({ source: this.#source, line }, `the rating is ${text}; expected a number`)
  }

  timeOf(bytes: Uint8Array, start: number, end: number, line: number): number {
    const time = parseTime(bytes, start, end)
    if (!Number.isNaN(time)) return time
    throw new DataFormatError(
      { source: this.#source, line },
      `the time is ${quote(bytes, start, end)}; expected a number or an ISO date such as 2026-01-31T12:00:00Z ` +
        '(a time column that is not needed can be left out: time: false)',
    )
  }

  pair(user: number, item: number): void {
    this.#user.push(user)
    this.#item.push(item)
  }

  rating(value: number): void {
    this.#rating.push(value)
  }

  time(value: number): void {
    this.#time.push(value)
  }

  /** The columns in one piece. Throws `EmptyDataError` where there is nothing. */
  finish(blankLines: number, usersWithoutItems = 0): Interactions {
    if (this.#user.length === 0) {
      throw new EmptyDataError(
        `${this.#source}: there is no interaction in it; expected at least one row of user and item`,
      )
    }
    const repairs: Repair[] = []
    countRepair(repairs, 'blank-line', blankLines, this.#source)
    countRepair(repairs, 'user-without-items', usersWithoutItems, this.#source)
    return {
      source: this.#source,
      users: this.#users,
      items: this.#items,
      user: this.#user.finish(),
      item: this.#item.finish(),
      ...(this.#rating.length > 0 && { rating: this.#rating.finish() }),
      ...(this.#time.length > 0 && { time: this.#time.finish() }),
      declared: false,
      repairs,
    }
  }

  #idOf(table: IdTable, what: string, bytes: Uint8Array, start: number, end: number, line: number): number {
    if (start === end) {
      throw new DataFormatError({ source: this.#source, line }, `the ${what} id is empty; expected any text`)
    }
    const before = table.size
    const index = table.add(bytes, start, end)
    // Only a new id can bring bytes that were not checked yet.
    if (table.size > before) this.#checkText(bytes, start, end, line)
    return index
  }

  #checkText(bytes: Uint8Array, start: number, end: number, line: number): void {
    let p = start
    while (p < end && bytes[p]! < 0x80) p++
    if (p === end) return
    try {
      strictDecoder.decode(bytes.subarray(start, end))
    } catch (cause) {
      throw new DataFormatError(
        { source: this.#source, line },
        'an id is not UTF-8 text; expected UTF-8: convert the file first (it is often Latin-1)',
        { cause },
      )
    }
  }
}

/** A field as a message shows it, shortened. */
function quote(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return 'empty'
  const text = decoder.decode(bytes.subarray(start, Math.min(end, start + 40)))
  return JSON.stringify(end - start > 40 ? `${text}…` : text)
}
