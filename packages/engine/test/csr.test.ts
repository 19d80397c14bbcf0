import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnCounts, csrFromPairs, rowColumns, rowOfEachEntry, transpose, type Csr } from '../src/index.ts'

const ROWS = 7
const COLUMNS = 5
const pairs = fc.array(fc.tuple(fc.nat(ROWS - 1), fc.nat(COLUMNS - 1)), { maxLength: 60 })

function build(list: readonly (readonly [number, number])[]): Csr {
  return csrFromPairs(
    list.map(([row]) => row),
    list.map(([, column]) => column),
    ROWS,
    COLUMNS,
  )
}

function has(matrix: Csr, row: number, column: number): boolean {
  return rowColumns(matrix, row).includes(column)
}

describe('csrFromPairs', () => {
  it('keeps exactly the distinct pairs, by row and ascending', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const matrix = build(list)
        const entries = Array.from(rowOfEachEntry(matrix), (row, k) => row * COLUMNS + matrix.columns[k]!)
        expect(entries).toEqual([...new Set(list.map(([row, column]) => row * COLUMNS + column))].sort((a, b) => a - b))
        expect(matrix.rowPointer[0]).toBe(0)
        expect(matrix.rowPointer[ROWS]).toBe(matrix.columns.length)
      }),
    )
  })

  it('does not depend on the order of the pairs', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        expect(build(list.toReversed())).toEqual(build(list))
      }),
    )
  })

  it('has empty rows where there is nothing', () => {
    expect(build([])).toEqual({
      rows: ROWS,
      columnCount: COLUMNS,
      rowPointer: new Uint32Array(ROWS + 1),
      columns: new Uint32Array(0),
    })
    const matrix = build([
      [6, 4],
      [2, 1],
      [6, 0],
      [6, 4],
    ])
    expect([...matrix.rowPointer]).toEqual([0, 0, 0, 1, 1, 1, 1, 3])
    expect([...matrix.columns]).toEqual([1, 0, 4])
  })
})

describe('transpose', () => {
  it('exchanges rows and columns', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const matrix = build(list)
        const turned = transpose(matrix)
        expect(turned.rows).toBe(COLUMNS)
        expect(turned.columnCount).toBe(ROWS)
        for (let r = 0; r < ROWS; r++) {
          for (let c = 0; c < COLUMNS; c++) expect(has(turned, c, r)).toBe(has(matrix, r, c))
        }
      }),
    )
  })

  it('undoes itself', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        expect(transpose(transpose(build(list)))).toEqual(build(list))
      }),
    )
  })
})

describe('views of the entries', () => {
  it('counts the entries of each column', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const matrix = build(list)
        const turned = transpose(matrix)
        expect([...columnCounts(matrix)]).toEqual(
          Array.from({ length: COLUMNS }, (_, column) => rowColumns(turned, column).length),
        )
      }),
    )
  })

  it('gives a row’s columns without copying them', () => {
    const matrix = build([
      [1, 3],
      [1, 2],
    ])
    expect([...rowColumns(matrix, 1)]).toEqual([2, 3])
    expect(rowColumns(matrix, 1).buffer).toBe(matrix.columns.buffer)
    expect(rowColumns(matrix, 0).length).toBe(0)
  })
})
