/** A dense row-major float32 matrix: row r is `values[r * dimension … (r + 1) * dimension − 1]`. */
export interface Matrix {
  readonly rows: number
  readonly dimension: number
  readonly values: Float32Array
}
