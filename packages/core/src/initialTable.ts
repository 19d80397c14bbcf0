import { keyOfSeed, philox4x32, Stream } from '@gradrec/engine'

/** The distribution every entry of the table starts from. */
export type Initialisation =
  /** Uniform in ±√(6 / (rows + d)), rows being the number of users for users, of items for items, 1 for parameters (METHODS.md §4.1). */
  | { readonly kind: 'xavier' }
  /** Uniform in ±1/√d (METHODS.md §3.1). */
  | { readonly kind: 'uniform' }
  /** Normal around 0 with standard deviation `sd` (METHODS.md §6: 0.1). */
  | { readonly kind: 'normal'; readonly sd: number }

export interface TableShape {
  readonly users: number
  readonly items: number
  /** A multiple of 4. */
  readonly dimension: number
  /** Rows after the items, each a linear layer from a vector to one number. Default 0. */
  readonly parameters?: number
}

/**
 * The table training starts from: users, then items, then parameters, each of d numbers. The four entries 4c … 4c + 3 of row r come from the
 * Philox counter [r, c, 0, initialisation], so they depend on the seed and their place alone.
 */
export function initialTable(shape: TableShape, initialisation: Initialisation, seed: number): Float32Array {
  const { users, items, dimension, parameters = 0 } = shape
  const key = keyOfSeed(seed)
  const table = new Float32Array((users + items + parameters) * dimension)
  for (let row = 0; row < users + items + parameters; row++) {
    const tableRows = row < users ? users : row < users + items ? items : 1
    const scale = scaleOf(initialisation, tableRows, dimension)
    for (let column = 0; column < dimension; column += 4) {
      const [a, b, c, d] = philox4x32([row, column / 4, 0, Stream.initialisation], key)
      const at = row * dimension + column
      if (initialisation.kind === 'normal') {
        setNormalPair(table, at, a, b, scale)
        setNormalPair(table, at + 2, c, d, scale)
      } else {
        table[at] = scale * (2 * toUnit(a) - 1)
        table[at + 1] = scale * (2 * toUnit(b) - 1)
        table[at + 2] = scale * (2 * toUnit(c) - 1)
        table[at + 3] = scale * (2 * toUnit(d) - 1)
      }
    }
  }
  return table
}

function scaleOf(initialisation: Initialisation, rows: number, dimension: number): number {
  switch (initialisation.kind) {
    case 'xavier':
      return Math.sqrt(6 / (rows + dimension))
    case 'uniform':
      return 1 / Math.sqrt(dimension)
    case 'normal':
      return initialisation.sd
  }
}

/** Box–Muller: two independent normal entries from two words. */
function setNormalPair(table: Float32Array, at: number, a: number, b: number, sd: number): void {
  const radius = sd * Math.sqrt(-2 * Math.log(toUnit(a)))
  const angle = 2 * Math.PI * toUnit(b)
  table[at] = radius * Math.cos(angle)
  table[at + 1] = radius * Math.sin(angle)
}

/** A word as a number in (0, 1), never 0: a logarithm is taken of it. */
function toUnit(word: number): number {
  return (word + 0.5) / 4294967296
}
