import { interactionGraph, stepsPerEpoch, tableRows, type FitSpec, type Graph } from '@gradrec/engine'
import { drawnRows } from './drawnRows.ts'

/** What the formulas of kernels' work are made of; the letters are theirs. Numbers of a step are means over the steps counted. */
export interface StepCounts {
  /** d. */
  readonly dimension: number
  /** K: of each positive. */
  readonly negatives: number
  /** N: of the table. */
  readonly rows: number
  readonly users: number
  readonly items: number
  /** S: what Adam keeps for each number of the table, 2 or with amsgrad 3. */
  readonly moments: number
  /** Whether users are scored with vectors of length one. */
  readonly unitUsers: boolean
  readonly records: boolean
  /** L: 0 for matrix factorisation. */
  readonly layers: number
  readonly dropout: boolean
  /** E: both directions and loops. */
  readonly edges: number
  /** Of the rows that WebGPU cuts into chunks: how many there are, and the partial sums they have. */
  readonly longRows: number
  readonly partialSums: number

  /** P: positives of a step. */
  readonly positives: number
  /** R: different rows. */
  readonly touchedRows: number
  /** U: different users. */
  readonly touchedUsers: number
  /** Users who occur more than once, and the slots they have. */
  readonly repeatedUsers: number
  readonly repeatedSlots: number
  /** Items that occur as positive, plus those that occur as negative, in steps that are recorded together; a step's share of them. */
  readonly recordedItems: number
  /** T: edges of touched rows. */
  readonly touchedEdges: number
  /** Different rows at the other ends of those edges. */
  readonly touchedNeighbours: number
  /** Lazy Adam: rows moved before a horizon, to their first touch in it; a step's share. */
  readonly caughtUpRows: number
  /** Lazy Adam: rows moved at the end of an epoch; a step's share. */
  readonly settledRows: number
  /** H: steps planned together. */
  readonly horizon: number
}

export interface CountedSteps {
  /** Steps done before those that are counted. */
  readonly first: number
  readonly count: number
  /** Steps that the engine plans together. */
  readonly horizon: number
  /** Steps whose items the engine records together. */
  readonly window: number
  /** How far lazy updates carry a row after its last touch in a horizon: to where that ends, or nowhere. */
  readonly carries: 'toHorizonEnd' | 'nowhere'
}

/** Edges of a row that WebGPU's `spmm` sums up in one go. */
const EDGES_PER_CHUNK = 256

/** Counts what steps of a run touch, by drawing their triples again. */
export function countSteps(spec: FitSpec, { first, count, horizon, window, carries }: CountedSteps): StepCounts {
  const { interactions, optimizer, objective, backbone, dimension, sampler } = spec
  const { rows: users, columnCount: items } = interactions
  const rows = tableRows(spec)
  const isLazy = optimizer.kind === 'adam' && optimizer.update === 'lazy'
  const graph = backbone.kind === 'lgn' ? interactionGraph(interactions, backbone) : undefined
  const width = sampler.negatives + 2
  const inEpoch = stepsPerEpoch(spec)
  const { ofStep } = drawnRows(spec)
  const lag = new Lag(rows, carries)
  const sums = {
    positives: 0,
    touchedRows: 0,
    touchedUsers: 0,
    repeatedUsers: 0,
    repeatedSlots: 0,
    recordedItems: 0,
    touchedEdges: 0,
    touchedNeighbours: 0,
    caughtUpRows: 0,
    settledRows: 0,
  }
  /** How often each row occurs in the step at hand; the last step that a neighbour was met in. */
  const occurrences = new Uint32Array(rows)
  const metIn = new Uint32Array(rows)
  const positivesOfWindow = new Set<number>()
  const negativesOfWindow = new Set<number>()
  const isCounted = (step: number): boolean => step >= first && step < first + count
  // Which rows lag behind depends on every step before.
  for (let step = isLazy ? 0 : first; step < first + count; step++) {
    const rowsOfStep = ofStep(step)
    if (isLazy) {
      const inHorizon = (step % inEpoch) % horizon
      const moved = lag.touch(step, inHorizon, rowsOfStep)
      if (isCounted(step)) sums.caughtUpRows += moved
      if ((step + 1) % inEpoch === 0) {
        const settled = lag.settle(step + 1)
        if (isCounted(step)) sums.settledRows += settled
      }
    }
    if (!isCounted(step)) continue
    sums.positives += rowsOfStep.length / width
    for (const row of rowsOfStep) {
      const before = occurrences[row]!
      occurrences[row] = before + 1
      if (before === 0) {
        sums.touchedRows++
        if (row < users) sums.touchedUsers++
        if (graph !== undefined) {
          sums.touchedEdges += degreeOf(graph, row)
          sums.touchedNeighbours += newNeighbours(graph, row, metIn, step + 1)
        }
      }
    }
    for (const [place, row] of rowsOfStep.entries()) {
      const often = occurrences[row]!
      occurrences[row] = 0
      if (row < users && often > 1) {
        sums.repeatedUsers++
        sums.repeatedSlots += often
      }
      if (place % width === 1) positivesOfWindow.add(row)
      else if (place % width > 1) negativesOfWindow.add(row)
    }
    if ((step + 1 - first) % window === 0 || step + 1 === first + count) {
      sums.recordedItems += positivesOfWindow.size + negativesOfWindow.size
      positivesOfWindow.clear()
      negativesOfWindow.clear()
    }
  }
  const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count])) as typeof sums
  return {
    dimension,
    negatives: sampler.negatives,
    rows,
    users,
    items,
    moments: optimizer.kind === 'adam' ? (optimizer.amsgrad ? 3 : 2) : 0,
    unitUsers: (objective.kind === 'bpr' || objective.kind === 'bce') && objective.userNorm === 'unit',
    records: (spec.recording ?? 'none') !== 'none',
    layers: backbone.kind === 'lgn' ? backbone.layers : 0,
    dropout: backbone.kind === 'lgn' && (backbone.dropout ?? 0) > 0,
    edges: graph?.columns.length ?? 0,
    ...cutRows(graph),
    ...means,
    horizon,
  }
}

/** How far lazy Adam's rows have come. */
class Lag {
  /** Steps that each row is up to date with; 0 before its first touch. */
  readonly #upTo: Uint32Array
  readonly #carries: CountedSteps['carries']
  readonly #touchedInHorizon = new Set<number>()

  constructor(rows: number, carries: CountedSteps['carries']) {
    this.#upTo = new Uint32Array(rows)
    this.#carries = carries
  }

  /** Returns how many rows had to be moved before the horizon for this step to find them up to date. */
  touch(step: number, inHorizon: number, rows: Uint32Array): number {
    if (inHorizon === 0) this.#endHorizon(step)
    let moved = 0
    for (const row of rows) {
      const before = this.#upTo[row]!
      if (!this.#touchedInHorizon.has(row) && before > 0 && before < step) moved++
      this.#touchedInHorizon.add(row)
      this.#upTo[row] = step + 1
    }
    return moved
  }

  /** Returns how many rows the end of an epoch moves. */
  settle(done: number): number {
    this.#endHorizon(done)
    let moved = 0
    for (const [row, upTo] of this.#upTo.entries()) {
      if (upTo === 0 || upTo === done) continue
      moved++
      this.#upTo[row] = done
    }
    return moved
  }

  #endHorizon(done: number): void {
    if (this.#carries === 'toHorizonEnd') for (const row of this.#touchedInHorizon) this.#upTo[row] = done
    this.#touchedInHorizon.clear()
  }
}

function degreeOf({ rowPointer }: Graph, row: number): number {
  return rowPointer[row + 1]! - rowPointer[row]!
}

/** How many neighbours of a row have not been met in this step. */
function newNeighbours({ rowPointer, columns }: Graph, row: number, metIn: Uint32Array, stamp: number): number {
  let found = 0
  for (let edge = rowPointer[row]!; edge < rowPointer[row + 1]!; edge++) {
    const column = columns[edge]!
    if (metIn[column] === stamp) continue
    metIn[column] = stamp
    found++
  }
  return found
}

function cutRows(graph: Graph | undefined): Pick<StepCounts, 'longRows' | 'partialSums'> {
  let longRows = 0
  let partialSums = 0
  for (let row = 0; row < (graph?.nodes ?? 0); row++) {
    const degree = graph === undefined ? 0 : degreeOf(graph, row)
    if (degree <= EDGES_PER_CHUNK) continue
    longRows++
    partialSums += Math.ceil(degree / EDGES_PER_CHUNK)
  }
  return { longRows, partialSums }
}
