import { sizes } from './wasm.generated.ts'

/**
 * Tables that propagation works on lie in memory as blocks of columns, [block][row][columns of a block]; outside, row after row.
 *
 * @param rows rows of `table`
 */
export function writeColumnBlocks(memory: Float32Array, table: Float32Array, rows: number): void {
  eachStretch(rows, table.length / rows, (inMemory, inTable, width) => {
    memory.set(table.subarray(inTable, inTable + width), inMemory)
  })
}

/** The other way round: a copy of what is in memory, row after row. */
export function readColumnBlocks(memory: Float32Array, rows: number): Float32Array {
  const table = new Float32Array(memory.length)
  eachStretch(rows, table.length / rows, (inMemory, inTable, width) => {
    table.set(memory.subarray(inMemory, inMemory + width), inTable)
  })
  return table
}

/** Visits every stretch of numbers that lies together both ways. */
function eachStretch(
  rows: number,
  dimension: number,
  visit: (inMemory: number, inTable: number, width: number) => void,
): void {
  const columns = sizes.columnBlock / 4
  for (let column = 0; column < dimension; column += columns) {
    const width = Math.min(columns, dimension - column)
    for (let row = 0; row < rows; row++) visit(column * rows + row * width, row * dimension + column, width)
  }
}
