// What scoring does with the rows of a slot's negatives, or with a part of each.
import { dot, dotFour } from './dot'
import { addFour } from './score'
import { addRow } from './spmm'

/** products[k] = vector · n_k. `places`: where the slot's row numbers begin; `rows`: where the part begins in row 0. */
export function dotNegatives(
  vector: usize,
  rows: usize,
  rowBytes: usize,
  places: usize,
  negatives: u32,
  vectors: u32,
  products: usize,
): void {
  const fours = negatives & ~3
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    const n0 = rows + load<u32>(at, 8) * rowBytes
    const n1 = rows + load<u32>(at, 12) * rowBytes
    const n2 = rows + load<u32>(at, 16) * rowBytes
    const n3 = rows + load<u32>(at, 20) * rowBytes
    v128.store(products + (k << 2), dotFour(vector, n0, n1, n2, n3, vectors))
  }
  for (let k = fours; k < negatives; k++) {
    store<f32>(products + (k << 2), dot(vector, rows + load<u32>(places + (k << 2), 8) * rowBytes, vectors))
  }
}

/** sum += Σ_k coefficients[2 + k] · n_k over `bytes`; `coefficients`: the slot's, with two before those of its negatives. */
export function addNegatives(
  sum: usize,
  coefficients: usize,
  rows: usize,
  rowBytes: usize,
  places: usize,
  negatives: u32,
  bytes: usize,
): void {
  const fours = negatives & ~3
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    const n0 = rows + load<u32>(at, 8) * rowBytes
    const n1 = rows + load<u32>(at, 12) * rowBytes
    const n2 = rows + load<u32>(at, 16) * rowBytes
    const n3 = rows + load<u32>(at, 20) * rowBytes
    addFour(sum, coefficients + (k << 2) + 8, n0, n1, n2, n3, bytes)
  }
  for (let k = fours; k < negatives; k++) {
    const negative = rows + load<u32>(places + (k << 2), 8) * rowBytes
    addRow(sum, load<f32>(coefficients + (k << 2), 8), negative, bytes)
  }
}
