import { transpose, type Csr } from './csr.ts'

/**
 * The user–item graph as LightGCN propagates over it: nodes are the users followed by the items, every interaction is one
 * edge in each direction, and the symmetric normalisation D^−½ A D^−½ is kept as one scale per node, so that edges carry no
 * values: (A x)[r] = scale[r] · Σ_{c ∈ neighbours(r)} scale[c] · x[c]. The matrix is symmetric, so backward propagation is
 * the same product.
 */
export interface Graph {
  readonly nodes: number
  readonly rowPointer: Uint32Array
  readonly columns: Uint32Array
  /** 1/√degree of each node; 0 for a node without edges. */
  readonly scale: Float32Array
}

/** Builds the symmetric graph of a users × items matrix of interactions (METHODS.md §4.3: no self-loops). */
export function symmetricGraph(interactions: Csr): Graph {
  const { rows: users, columnCount: items } = interactions
  const byItem = transpose(interactions)
  const edges = interactions.columns.length
  const nodes = users + items
  const rowPointer = new Uint32Array(nodes + 1)
  rowPointer.set(interactions.rowPointer)
  for (let i = 0; i < items; i++) rowPointer[users + i + 1] = edges + byItem.rowPointer[i + 1]!
  const columns = new Uint32Array(2 * edges)
  for (let k = 0; k < edges; k++) columns[k] = users + interactions.columns[k]!
  columns.set(byItem.columns, edges)
  const scale = new Float32Array(nodes)
  for (let r = 0; r < nodes; r++) {
    const degree = rowPointer[r + 1]! - rowPointer[r]!
    scale[r] = degree === 0 ? 0 : 1 / Math.sqrt(degree)
  }
  return { nodes, rowPointer, columns, scale }
}
