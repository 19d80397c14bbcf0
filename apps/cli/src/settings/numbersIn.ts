import { UsageError } from '../errors.ts'
import type { Flags } from './parseFlags.ts'

/** The numbers of a flag such as `--k 20,50`; `undefined` where it was not given. Throws a `UsageError` for anything else. */
export function numbersIn(flags: Flags, name: string, expected: string): number[] | undefined {
  const text = flags.get(name)
  if (text === undefined) return undefined
  const parts = String(text).split(',')
  const numbers = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (numbers.every(Number.isFinite)) return numbers
  throw new UsageError(`--${name} is "${text}"; expected ${expected}`)
}
