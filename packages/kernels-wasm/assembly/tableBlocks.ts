// Where a row of the table and its moments lies. Matrix factorisation needs whole rows, which lie one after another. LightGCN goes through
// all rows for one block of columns before the next, and keeps the table so: [block][row][32]. Rows' blocks 512 bytes apart would be
// waited for one by one, because the processor foresees only what follows.
import { FitBlock } from './fitBlock'
import { BLOCK, scaleRow } from './spmm'

/** LightGCN: where a row's block of columns begins, in bytes from the table's beginning, or a moment's; `at`: byte of a whole row. */
@inline
export function placeOfBlock(fit: FitBlock, row: u32, at: usize, bytes: usize): usize {
  return at * fit.rows + row * bytes
}

/** Copies a whole row of the table, with either backbone. */
export function copyTableRow(fit: FitBlock, row: u32, out: usize): void {
  const rowBytes: usize = fit.vectors << 4
  if (fit.layers === 0) {
    scaleRow(out, fit.table + row * rowBytes, 1, rowBytes)
    return
  }
  for (let at: usize = 0; at < rowBytes; at += BLOCK) {
    const bytes = min(BLOCK, rowBytes - at)
    scaleRow(out + at, fit.table + placeOfBlock(fit, row, at, bytes), 1, bytes)
  }
}
