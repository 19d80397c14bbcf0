import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, repeated, streamed, together, WORD, type Work } from '../work.ts'
import { adamRows } from './adam.ts'
import { recordRepeatedUsers } from './recording.ts'
import { sumRuns, WASM_PLAN } from './segmentSum.ts'

// LightGCN's propagation in WebAssembly: packages/kernels-wasm/assembly/propagation.ts, dropout.ts and backward.ts. A layer sums, for each of N
// rows, its neighbours' rows over E edges. It is done for 32 columns after one another, so that what is looked up lies close together.

/** Bytes of a block of columns of one row. */
const BLOCK_BYTES = 128

/** Whole rows of a layer looked up through `edges` edges, `distinct` of them different; and additions. */
function neighbours(edges: number, distinct: number, gatheredFrom: number, dimension: number): Work {
  const work = lookedUp(edges, distinct, WORD * dimension, gatheredFrom)
  return { ...work, operations: dimension * edges }
}

/** Numbers of neighbours, read once, or as it is done once for each block of columns. */
function columns(edges: number, dimension: number): Work {
  const bytes = WORD * edges
  const blocks = Math.ceil((WORD * dimension) / BLOCK_BYTES)
  return { compulsoryBytes: bytes, gatheredBytes: blocks * bytes, gatheredFrom: 0, operations: 0 }
}

/** `markRows`: R runs, a word of each row; with dropout also layer 0 of the step's rows, read and written. */
export function markRows({ touchedRows, dimension, dropout }: StepCounts): Work {
  const rowBytes = dropout ? 2 * WORD * dimension : 0
  return streamed((WASM_PLAN.run + WORD + rowBytes) * touchedRows, dropout ? dimension * touchedRows : 0)
}

/** `scaleTable`: 4d of N rows read, multiplied, written; their scales; and a word each, their runs, cleared. */
export function scaleTable({ rows, dimension }: StepCounts): Work {
  return streamed((2 * WORD * dimension + 2 * WORD) * rows, dimension * rows)
}

/**
 * `forwardLayer`, layers 1 … L − 1: rows of the layer before looked up by E edges, N written. Each is added to the table's row, or with
 * dropout, which does not allow that, to the R rows of the step that it belongs to.
 */
export function forwardLayer(counts: StepCounts): Work {
  const { rows, edges, layers, dimension, touchedRows, dropout } = counts
  const rowBytes = WORD * dimension
  return repeated(
    layers - 1,
    together(
      neighbours(edges, rows, BLOCK_BYTES * rows, dimension),
      columns(edges, dimension),
      // Results, pointers, both scales.
      streamed((rowBytes + 3 * WORD) * rows, 3 * dimension * rows),
      dropout ? streamed(2 * rowBytes * touchedRows, dimension * touchedRows) : streamed(rowBytes * rows),
    ),
  )
}

/** `lastForwardLayer`, of the R rows of the step alone: T edges, and the rows at their other ends. */
export function lastForwardLayer(counts: StepCounts): Work {
  const { rows, dimension, touchedRows, touchedEdges, touchedNeighbours } = counts
  const rowBytes = WORD * dimension
  return together(
    neighbours(touchedEdges, touchedNeighbours, BLOCK_BYTES * rows, dimension),
    columns(touchedEdges, dimension),
    streamed((2 * rowBytes + WASM_PLAN.run + 2 * WORD) * touchedRows, 4 * dimension * touchedRows),
  )
}

/** `clearGradients`, in steps whose first layer back sums over all: 4d of N rows written. */
export function clearGradients({ rows, dimension }: StepCounts): Work {
  return streamed(WORD * dimension * rows)
}

/** `sumFinalGradients`: the scatter-add, written as it is and once more scaled. */
export function sumFinalGradients(counts: StepCounts): Work {
  const { dimension, touchedRows } = counts
  return together(
    sumRuns(counts, WASM_PLAN),
    streamed(2 * WORD * dimension * touchedRows, (counts.dropout ? 2 : 1) * dimension * touchedRows),
    ...(counts.records ? [recordRepeatedUsers(counts)] : []),
  )
}

/**
 * `firstBackwardLayer`: of E edges those T whose other end the step touches count, since only R rows have a gradient. All are looked through, with
 * a word for each of N rows. Where most edges count, the engine sums over all of them, over zeros too, instead of looking; that is its
 * choice and counted as the same work.
 */
export function firstBackwardLayer(counts: StepCounts): Work {
  const { rows, edges, layers, dimension, touchedRows, touchedEdges } = counts
  const rowBytes = WORD * dimension
  return together(
    neighbours(touchedEdges, touchedRows, rowBytes * touchedRows, dimension),
    lookedUp(edges, rows, WORD, 0),
    streamed(WORD * edges + 2 * WORD * rows + rowBytes * touchedRows),
    finishRows(counts, layers === 1),
  )
}

/** `backwardLayer`, layers 2 … L: like `forwardLayer`; the last one updates the table in the same go. */
export function backwardLayer(counts: StepCounts): Work {
  const { rows, edges, layers, dimension, touchedRows } = counts
  const layer = together(
    neighbours(edges, rows, BLOCK_BYTES * rows, dimension),
    columns(edges, dimension),
    streamed(2 * WORD * rows + WORD * dimension * touchedRows),
  )
  const inside = together(layer, finishRows(counts, false))
  return layers < 2 ? repeated(0, layer) : together(repeated(layers - 2, inside), layer, finishRows(counts, true))
}

/** What becomes of N sums: scaled and written, or Adam's gradient. */
function finishRows(counts: StepCounts, isLast: boolean): Work {
  const { rows, dimension } = counts
  const operations = 3 * dimension * rows
  if (isLast) return together(adamRows(rows, counts), streamed(0, operations))
  return streamed(WORD * dimension * rows, operations)
}
