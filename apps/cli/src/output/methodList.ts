import { METHOD_KINDS, METHODS } from '@gradrec/core'

/** Every method with a line about it, for the end of a help text. */
export function methodList(): string {
  const width = Math.max(...METHOD_KINDS.map((kind) => kind.length))
  const lines = METHOD_KINDS.map((kind) => `  ${kind.padEnd(width)}  ${METHODS[kind].summary}`)
  return `METHODS\n\n${lines.join('\n')}\n`
}
