import { parseNumber } from './parseNumber.ts'

const decoder = new TextDecoder()

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/

/**
 * A time written as a number (kept as it is) or as an ISO 8601 date or date with time, which becomes seconds since 1970; one
 * without a zone is taken as UTC, so that a file reads the same on every machine. NaN for anything else.
 */
export function parseTime(bytes: Uint8Array, start: number, end: number): number {
  const number = parseNumber(bytes, start, end)
  if (!Number.isNaN(number)) return number
  const match = ISO.exec(decoder.decode(bytes.subarray(start, end)))
  if (match === null) return Number.NaN
  const [, date, clock = '00:00', zone = 'Z'] = match
  return Date.parse(`${date}T${clock}${zone}`) / 1000
}
