import * as fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { htmlTable, markdownTable, textTable, type ResultTable } from '../src/index.ts'

const TABLE: ResultTable = {
  rowTitle: 'model',
  columns: [
    { label: 'Recall@20', better: 'higher' },
    { label: 'NDCG@20', better: 'higher' },
    { label: 'ARP@20', better: 'lower', decimals: 1 },
    { label: 'users', decimals: 0 },
  ],
  rows: [
    {
      label: 'most-popular',
      values: {
        'Recall@20': { value: 0.0123, interval: [0.0119, 0.0127] },
        'NDCG@20': { value: 0.01 },
        'ARP@20': { value: 12345.67 },
        users: { value: 9 },
      },
    },
    {
      label: 'MF | <bpr>',
      values: {
        'Recall@20': { value: 0.1423, interval: [-0.1402, 1.1444] },
        'NDCG@20': { value: 0.0987 },
        'ARP@20': { value: Number.NaN },
        users: { value: 1000 },
      },
    },
    {
      label: 'Our_MF',
      values: { 'Recall@20': { value: 0.1734 }, 'NDCG@20': { value: 0.09870001 }, 'ARP@20': { value: 99 } },
    },
  ],
}

it('is a table for a terminal', () => {
  expect(`\n${textTable(TABLE)}\n`).toMatchInlineSnapshot(`
    "
    model                         Recall@20  NDCG@20    ARP@20   users
    most-popular  0.0123  [ 0.0119, 0.0127]   0.0100   12345.7       9
    MF | <bpr>    0.1423  [-0.1402, 1.1444]   0.0987*        –    1000
    Our_MF        0.1734*                     0.0987*     99.0*      –
    "
  `)
})

it('is a table in Markdown', () => {
  expect(`\n${markdownTable(TABLE)}\n`).toMatchInlineSnapshot(`
    "
    | model        |                Recall@20 |    NDCG@20 |   ARP@20 | users |
    | ------------ | -----------------------: | ---------: | -------: | ----: |
    | most-popular |  0.0123 [0.0119, 0.0127] |     0.0100 |  12345.7 |     9 |
    | MF \\| \\<bpr> | 0.1423 [-0.1402, 1.1444] | **0.0987** |        – |  1000 |
    | Our\\_MF      |               **0.1734** | **0.0987** | **99.0** |     – |
    "
  `)
})

it('is a table in HTML', () => {
  const { document } = parseHTML(`<body>${htmlTable(TABLE)}</body>`)
  const rows = [...document.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent))
  expect(rows).toEqual([
    ['model', 'Recall@20', 'NDCG@20', 'ARP@20', 'users'],
    ['most-popular', '0.0123 [0.0119, 0.0127]', '0.0100', '12345.7', '9'],
    ['MF | <bpr>', '0.1423 [-0.1402, 1.1444]', '0.0987', '–', '1000'],
    ['Our_MF', '0.1734', '0.0987', '99.0', '–'],
  ])
  expect([...document.querySelectorAll('strong')].map((each) => each.textContent)).toEqual([
    '0.0987',
    '0.1734',
    '0.0987',
    '99.0',
  ])
})

const anyTable: fc.Arbitrary<ResultTable> = fc
  .uniqueArray(fc.stringMatching(/^[a-zA-Z@|*]{1,8}$/), { minLength: 1, maxLength: 4 })
  .chain((labels) =>
    fc.record({
      columns: fc.tuple(
        ...labels.map((label) =>
          fc.record({
            label: fc.constant(label),
            better: fc.constantFrom('higher' as const, 'lower' as const),
            decimals: fc.nat(5),
          }),
        ),
      ),
      rows: fc.array(
        fc.record({
          label: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/\s/g, '_')),
          values: fc.record(
            Object.fromEntries(
              labels.map((label) => [label, fc.record({ value: fc.double({ min: -1e6, max: 1e6, noNaN: true }) })]),
            ),
          ),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  )

it('puts the points of a column below each other', () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const lines = textTable({ ...table, rows: table.rows.map((row) => ({ ...row, label: 'x' })) })
        .split('\n')
        .slice(1)
      const places = lines.map((line) =>
        [...line.matchAll(/-?\d+(\.\d+)?/g)].map((match) => match.index + match[0].length),
      )
      for (const line of places) expect(line).toEqual(places[0])
    }),
  )
})

it('gives every line of a Markdown table the same cells and the same width', () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const lines = markdownTable(table).split('\n')
      for (const line of lines) {
        expect(line.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(table.columns.length + 2)
        expect([...line].length).toBe([...(lines[0] ?? '')].length)
      }
    }),
  )
})

it('marks none in a column with one number, nor without a direction', () => {
  const one: ResultTable = {
    columns: [{ label: 'a', better: 'higher' }, { label: 'b' }],
    rows: [{ label: 'x', values: { a: { value: 1 }, b: { value: 2 } } }],
  }
  expect(textTable(one)).not.toContain('*')
  expect(textTable({ ...one, rows: [] })).toBe('  a  b')
})
