import { rowColumns, transpose, type Csr } from './csr.ts'

/** How the graph of users and items is normalised. */
export interface GraphOptions {
  /** Whether every node is its own neighbour too, counted in its degree (METHODS.md §3.7). Default false. */
  readonly selfLoops?: boolean
  /**
   * r in D^−(1−r) A D^−r, 0 … 1: how much of the normalisation falls on the neighbour's degree and how much on the node's own
   * (METHODS.md §10, r-AdjNorm). Default ½, LightGCN's symmetric one.
   */
  readonly degreeExponent?: number
}

/**
 * The user–item graph as LightGCN propagates over it: nodes are the users followed by the items, every interaction is one
 * edge in each direction, and the normalisation is kept as two scales per node, so that edges carry no values:
 * (A x)[r] = rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c]. Edges go both ways, so Aᵀ is the same graph with the
 * scales exchanged: `transposedGraph`.
 */
export interface Graph {
  readonly nodes: number
  readonly rowPointer: Uint32Array
  /** Neighbours of each node, ascending. */
  readonly columns: Uint32Array
  /** degree^−(1−r) of each node; 0 for a node without edges. */
  readonly rowScale: Float32Array
  /** degree^−r of each node; 0 for a node without edges. With r = ½ the same array as `rowScale`. */
  readonly columnScale: Float32Array
}

/** Builds the graph of a users × items matrix of interactions. */
export function interactionGraph(interactions: Csr, options: GraphOptions = {}): Graph {
  const { selfLoops = false, degreeExponent = 0.5 } = options
  const { rowPointer, columns } = edges(interactions, selfLoops)
  const nodes = rowPointer.length - 1
  const power = (exponent: number): Float32Array =>
    Float32Array.from({ length: nodes }, (_, r) => {
      const degree = rowPointer[r + 1]! - rowPointer[r]!
      if (degree === 0) return 0
      return exponent === 0.5 ? 1 / Math.sqrt(degree) : degree ** -exponent
    })
  const rowScale = power(1 - degreeExponent)
  return {
    nodes,
    rowPointer,
    columns,
    rowScale,
    columnScale: degreeExponent === 0.5 ? rowScale : power(degreeExponent),
  }
}

/** The graph whose product is with the transposed matrix: what carries gradients back. */
export function transposedGraph({ rowScale, columnScale, ...shape }: Graph): Graph {
  return { ...shape, rowScale: columnScale, columnScale: rowScale }
}

function edges(interactions: Csr, selfLoops: boolean): Pick<Graph, 'rowPointer' | 'columns'> {
  const { rows: users, columnCount: items } = interactions
  const byItem = transpose(interactions)
  const nodes = users + items
  const loop = selfLoops ? 1 : 0
  const rowPointer = new Uint32Array(nodes + 1)
  const columns = new Uint32Array(2 * interactions.columns.length + loop * nodes)
  let at = 0
  for (let node = 0; node < nodes; node++) {
    // Neighbours of a user are items, which come after all users: a user's own number comes first, an item's last.
    if (selfLoops && node < users) columns[at++] = node
    if (node < users) for (const item of rowColumns(interactions, node)) columns[at++] = users + item
    else for (const user of rowColumns(byItem, node - users)) columns[at++] = user
    if (selfLoops && node >= users) columns[at++] = node
    rowPointer[node + 1] = at
  }
  return { rowPointer, columns }
}
