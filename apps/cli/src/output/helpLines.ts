import { stripVTControlCharacters } from 'node:util'

/** A flag's line in citty's usage: indented to the right, two spaces or more before its description. */
const FLAG_LINE = /^\s+(--.*?\S) {2,}(.*)$/

/** Columns of the longest flags whose descriptions stand beside them; those of longer ones stand below. */
const FLAG_COLUMNS = 44

/**
 * Citty's usage with the flags to the left, so that they can be read down the page, and headings among them.
 *
 * @param groups headings by the flag they stand above
 */
export function helpLines(usage: string, groups: ReadonlyMap<string, string>): string {
  return usage
    .split('\n')
    .flatMap((line) => flagLines(line, groups) ?? [line.trimEnd()])
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
}

/** `undefined` for a line that is not a flag's. */
function flagLines(line: string, groups: ReadonlyMap<string, string>): string[] | undefined {
  const [, flag, description = ''] = FLAG_LINE.exec(stripVTControlCharacters(line)) ?? []
  if (flag === undefined) return undefined
  const heading = groups.get(/^--([\w-]+)/.exec(flag)?.[1] ?? '')
  const fits = flag.length <= FLAG_COLUMNS
  const lines = fits
    ? [`  ${flag.padEnd(FLAG_COLUMNS)}  ${description}`]
    : [`  ${flag}`, `${' '.repeat(FLAG_COLUMNS + 4)}${description}`]
  return [...(heading === undefined ? [] : ['', heading]), ...lines.map((each) => each.trimEnd())]
}
