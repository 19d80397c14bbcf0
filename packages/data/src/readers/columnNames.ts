import { DataFormatError } from '../errors.ts'
import type { TableColumns } from './readTable.ts'

/** A column: its name in the header, or its position, 1 for the first. */
export type ColumnName = string | number

/** Which columns of a table are read. */
export interface ColumnNames {
  /** Default: the column called user, userId, user_id, uid, … in any capitalisation. */
  readonly user?: ColumnName
  /** Default: the column called item, itemId, movieId, productId, articleId, … */
  readonly item?: ColumnName
  /** Default: a column called rating, score or stars, if there is one. `false`: none. */
  readonly rating?: ColumnName | false
  /** Default: a column called timestamp, time or date, if there is one. `false`: none. */
  readonly time?: ColumnName | false
}

/** Names that are understood without being told, best first; compared in lower case, letters and digits only. */
const KNOWN = {
  user: ['user', 'userid', 'uid', 'visitorid', 'customerid', 'accountid', 'profileid', 'reviewerid'],
  item: ['item', 'itemid', 'iid', 'movieid', 'productid', 'articleid', 'newsid', 'songid', 'trackid', 'bookid', 'asin'],
  rating: ['rating', 'score', 'stars'],
  time: ['timestamp', 'time', 'datetime', 'date'],
} as const

/** What a column says about an interaction. */
export type Role = keyof typeof KNOWN

/**
 * The positions of the columns that are meant, given or by their usual names. Throws `DataFormatError` where one is not there.
 *
 * @param table what holds the names
 */
export function columnsByName(
  place: { readonly source: string; readonly line?: number },
  names: readonly string[],
  wanted: ColumnNames,
  table: 'header' | 'schema',
): TableColumns {
  const find = (role: Role): number | undefined => {
    const name = wanted[role]
    if (name === false) return undefined
    const position = name === undefined ? knownPosition(names, role) : givenPosition(names, name)
    if (position >= 0 || (name === undefined && (role === 'rating' || role === 'time'))) {
      return position < 0 ? undefined : position
    }
    throw new DataFormatError(
      place,
      `the ${table} has no ${name === undefined ? `column that looks like the ${role}'s` : `column ${JSON.stringify(name)}`}; ` +
        `it has ${names.map((each) => JSON.stringify(each)).join(', ')}: name the ${role} column${table === 'header' ? ', or say that there is no header' : ''}`,
    )
  }
  return { user: find('user') ?? -1, item: find('item') ?? -1, rating: find('rating'), time: find('time') }
}

export function givenPosition(names: readonly string[], name: ColumnName): number {
  if (typeof name === 'number') return Number.isInteger(name) && name >= 1 && name <= names.length ? name - 1 : -1
  const exact = names.indexOf(name)
  return exact >= 0 ? exact : names.findIndex((each) => withoutType(each) === name)
}

/** The position of a column with a usual name for the role, or −1. */
export function knownPosition(names: readonly string[], role: Role): number {
  const plain = names.map((name) =>
    withoutType(name)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, ''),
  )
  for (const known of KNOWN[role]) {
    const position = plain.indexOf(known)
    if (position >= 0) return position
  }
  return -1
}

/** A RecBole name without its type: `user_id:token` is user_id. */
function withoutType(name: string): string {
  return name.replace(/:(token|float)(_seq)?$/, '')
}
