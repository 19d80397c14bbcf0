/** Each row divided by its length, p̂ = p / ‖p‖; a row of zeros stays one. */
export function unitRows(rows: Float64Array, dimension: number): Float64Array {
  const unit = rows.slice()
  for (let start = 0; start < rows.length; start += dimension) {
    const norm = Math.hypot(...rows.subarray(start, start + dimension))
    if (norm === 0) continue
    for (let at = start; at < start + dimension; at++) unit[at]! /= norm
  }
  return unit
}

/**
 * The gradient by `rows` from the gradient by `unitRows(rows)`, row by row: g ↦ (g − (g·p̂) p̂) / ‖p‖ (METHODS.md §2.3 I).
 * A row of zeros, where the norm has no gradient, gets zeros.
 *
 * @param gradient by the unit rows, of the same shape
 */
export function throughUnitRows(rows: Float64Array, gradient: Float64Array, dimension: number): Float64Array {
  const unit = unitRows(rows, dimension)
  const out = new Float64Array(rows.length)
  for (let start = 0; start < rows.length; start += dimension) {
    const norm = Math.hypot(...rows.subarray(start, start + dimension))
    if (norm === 0) continue
    let along = 0
    for (let at = start; at < start + dimension; at++) along += gradient[at]! * unit[at]!
    for (let at = start; at < start + dimension; at++) out[at] = (gradient[at]! - along * unit[at]!) / norm
  }
  return out
}
