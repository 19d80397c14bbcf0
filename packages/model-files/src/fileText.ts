import * as v from 'valibot'
import { ModelFileError } from './errors.ts'
import type { Safetensors } from './safetensors.ts'

/** Where a file's own JSON stands in its metadata. */
const KEY = 'gradrec'

/** Metadata that holds a value as JSON. */
export function metadataOf(value: unknown): ReadonlyMap<string, string> {
  return new Map([
    ['format', 'gradrec'],
    [KEY, JSON.stringify(value)],
  ])
}

/**
 * The value in a file's metadata, if it has the shape that `schema` says.
 *
 * @throws ModelFileError for a file without it, or with another shape: it is said where, what was expected and what was found
 */
export function metadataValue<Value>(
  source: string,
  { metadata }: Safetensors,
  schema: v.GenericSchema<unknown, Value>,
): Value {
  const text = metadata.get(KEY)
  if (text === undefined)
    throw new ModelFileError(source, 'this is no model of gradrec: its metadata says nothing of one')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ModelFileError(source, 'the metadata is not JSON; the file is damaged')
  }
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw new ModelFileError(source, `in the metadata, ${describe(parsed.issues[0])}`)
}

function describe(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue) ?? 'it'
  if (issue.expected === 'never')
    return `${where} is nothing that this version of gradrec knows; read it with a newer one`
  // A schema of one's own has no name but its message.
  const expected = issue.type === 'custom' ? issue.message : (issue.expected ?? issue.message)
  return `${where} is ${issue.received}; expected ${expected}`
}
