import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, repeated, streamed, together, WORD, type Work } from '../work.ts'
import { recordRuns } from './recording.ts'
import { sumRuns, WEBGPU_PLAN } from './segmentSum.ts'

// LightGCN's propagation on WebGPU: packages/kernels/src/lightGcnStage.ts. Each of 2L layers, forward and back, is a call of `spmm`, and one of
// `spmmLongRows` for the rows that it cuts.

/**
 * `spmm` over all E edges: rows of the layer before looked up, with a scale each; chunks of 16 bytes, one or more a row; sums of rows
 * written, or partial sums.
 */
function layer(counts: StepCounts, edges: number, distinct: number): Work {
  const { rows, dimension, longRows, partialSums } = counts
  const rowBytes = WORD * dimension
  const written = rows - longRows + partialSums
  const work = lookedUp(edges, distinct, rowBytes + WORD, rowBytes * distinct)
  return together(
    // One product with the column's scale, one sum.
    { ...work, operations: 2 * dimension * edges },
    streamed(WORD * counts.edges + (4 * WORD + rowBytes) * written + WORD * rows, 2 * dimension * (rows - longRows)),
  )
}

/** `markRows`: every run read, a bit of all N rows written. */
export function markRows({ rows, touchedRows }: StepCounts): Work {
  return streamed(WEBGPU_PLAN.run * touchedRows + rows / 8)
}

/** `spmm` over the T edges of the R rows that a step draws, after a look at all chunks and marks. */
function lastForwardLayer(counts: StepCounts): Work {
  const { rows, dimension, longRows, partialSums, touchedRows, touchedEdges, touchedNeighbours } = counts
  const rowBytes = WORD * dimension
  return together(
    {
      ...lookedUp(touchedEdges, touchedNeighbours, rowBytes + WORD, rowBytes * touchedNeighbours),
      operations: 2 * dimension * touchedEdges,
    },
    streamed(4 * WORD * (rows - longRows + partialSums) + rows / 8),
    streamed(WORD * touchedEdges + (rowBytes + WORD) * touchedRows, 2 * dimension * touchedRows),
  )
}

/**
 * `spmm`: L layers forward, all N rows but in the last, which is of R; L back, the first of which counts only the T edges to the R rows that
 * have a gradient, after a look at the marks, a word with 32 of them, of all E. Each adds to its sums the table forward (with dropout
 * `addLayer` does) and the R gradients back.
 */
export function spmm(counts: StepCounts): Work {
  const { rows, edges, layers, dimension, touchedRows, touchedEdges, dropout } = counts
  const rowBytes = WORD * dimension
  const whole = layer(counts, edges, rows)
  const base = (of: number): Work => streamed(dropout ? 0 : rowBytes * of)
  return together(
    repeated(layers - 1, together(whole, base(rows))),
    lastForwardLayer(counts),
    base(touchedRows),
    repeated(layers - 1, whole),
    layer(counts, touchedEdges, touchedRows),
    lookedUp(edges, rows / 32, WORD, 0),
    repeated(layers, streamed(rowBytes * touchedRows)),
  )
}

/** `spmmLongRows`, after each of them: partial sums added up, rows written. */
export function spmmLongRows({ layers, dimension, longRows, partialSums }: StepCounts): Work {
  const rowBytes = WORD * dimension
  return repeated(
    2 * layers,
    streamed(rowBytes * (partialSums + longRows) + 5 * WORD * longRows, dimension * (partialSums + 2 * longRows)),
  )
}

/** `addLayer`, with dropout after each forward layer: 4d of N rows of the layer and of the sum read, the sum written. */
export function addLayer({ rows, dimension, layers }: StepCounts): Work {
  return repeated(layers, streamed(3 * WORD * dimension * rows, 2 * dimension * rows))
}

/** `dropRows`, with dropout: R gradients read and written, the marks of N rows read, a bit each. */
export function dropRows({ rows, dimension, touchedRows }: StepCounts): Work {
  return streamed(2 * WORD * dimension * touchedRows + rows / 8, dimension * touchedRows)
}

/** `segmentSum`: the scatter-add, written with a mark of 8 bytes, and what is recorded. */
export function segmentSum(counts: StepCounts): Work {
  const { dimension, touchedRows } = counts
  return together(
    sumRuns(counts, WEBGPU_PLAN),
    streamed((WORD * dimension + 2 * WORD) * touchedRows),
    ...(counts.records ? [recordRuns(counts)] : []),
  )
}
