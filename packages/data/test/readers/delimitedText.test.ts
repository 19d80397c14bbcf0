import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DelimitedText } from '../../src/readers/delimitedText.ts'
import { chunksCutAt, chunksOfText } from '../chunksOfText.ts'
import type { Chunks } from '../../src/index.ts'

interface Read {
  readonly rows: string[][]
  readonly lines: number[]
  readonly blankLines: number
}

async function read(chunks: Chunks, delimiter: string, quotes: boolean): Promise<Read> {
  const rows: string[][] = []
  const lines: number[] = []
  let row: string[] = []
  let blankLines = 0
  const text = new DelimitedText(
    { source: 'a.csv', delimiter, quotes },
    {
      field(bytes, start, end): void {
        row.push(new TextDecoder().decode(bytes.subarray(start, end)))
      },
      endRow(fields): void {
        expect(fields).toBe(row.length)
        rows.push(row)
        lines.push(text.line)
        row = []
      },
      blankLine(): void {
        blankLines++
      },
    },
  )
  for await (const chunk of chunks) text.push(chunk)
  text.end()
  return { rows, lines, blankLines }
}

test.each([
  [',', true, '\ufeffa,"b ""x"", y\r\nz"\t,c\r\n'.replace('\t', ''), [['a', 'b "x", y\r\nz', 'c']]],
  [',', true, '"",1,\n\n,,\n"a"', [['', '1', ''], ['', '', ''], ['a']]],
  [';', true, ' a b ;\t2 \r\n', [['a b', '2']]],
  [
    '\t',
    false,
    'a\t"b\n"\t"',
    [
      ['a', '"b'],
      ['"', '"'],
    ],
  ],
  [
    '::',
    false,
    '1::2:3::4\n5:::6',
    [
      ['1', '2:3', '4'],
      ['5', ':6'],
    ],
  ],
  ['blank', false, '1 2\t 3 \n', [['1', '2', '', '3', '']]],
] as const)('cuts fields at %j (quotes: %s) wherever the chunks are cut', async (delimiter, quotes, content, rows) => {
  const length = new TextEncoder().encode(content).length
  const whole = await read(chunksOfText(content), delimiter, quotes)
  expect(whole.rows).toEqual(rows)
  expect(await read(chunksOfText(content, 1), delimiter, quotes)).toEqual(whole)
  for (let at = 0; at <= length; at++) expect(await read(chunksCutAt(content, at), delimiter, quotes)).toEqual(whole)
})

test('reads back any table that is written with quotes', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '😀'), maxLength: 6 })
  const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      async (rows, lineBreak, size) => {
        const content = rows
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',') + lineBreak)
          .join('')
        expect((await read(chunksOfText(content, size), ',', true)).rows).toEqual(rows)
      },
    ),
  )
})

test('counts lines across blank lines and line breaks in quotes', async () => {
  const { lines, blankLines } = await read(chunksOfText('a\n\n"b\nc"\r\n  \nd'), ',', true)
  expect(lines).toEqual([1, 3, 6])
  expect(blankLines).toBe(2)
})
