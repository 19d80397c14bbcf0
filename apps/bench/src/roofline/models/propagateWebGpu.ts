import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, repeated, streamed, together, WORD, type Work } from '../work.ts'
import { recordRuns } from './recording.ts'
import { sumRuns, WEBGPU_PLAN } from './segmentSum.ts'

// LightGCN's propagation on WebGPU: packages/kernels/src/lightGcnStage.ts. Each of 2L layers, forward and back, is a call of `spmm`, and one of
// `spmmLongRows` for the rows that it cuts.

/** Bits that say which rows a step draws, in bytes. */
function markBytes({ rows }: StepCounts): number {
  return rows / 8
}

/** What one call of `spmm` goes through. */
interface Layer {
  /** Edges whose other ends are read. */
  readonly edges: number
  /** Those of them whose rows are looked up, and how many of these differ. */
  readonly lookUps: number
  readonly distinct: number
  /** Sums of rows, and partial sums. */
  readonly written: number
}

/**
 * One call of `spmm`: rows of the layer before looked up, with a scale each; chunks of 16 bytes, one or more a row; sums written, with a scale
 * each.
 */
function layer(counts: StepCounts, { edges, lookUps, distinct, written }: Layer): Work {
  const { rows, dimension, longRows, partialSums } = counts
  const rowBytes = WORD * dimension
  const work = lookedUp(lookUps, distinct, rowBytes + WORD, rowBytes * distinct)
  return together(
    // One product with the column's scale, one sum.
    { ...work, operations: 2 * dimension * lookUps },
    streamed(
      WORD * edges + 4 * WORD * (rows - longRows + partialSums) + (rowBytes + WORD) * written,
      2 * dimension * written,
    ),
  )
}

/**
 * `spmm`: L layers forward, the last of them for the R rows of the step alone, with T edges; L back, the first of which counts only the T
 * edges to the R rows that have a gradient, after a look at the marks of all E. Each adds to its sums the table forward (with dropout
 * `addLayer` does) and the R gradients back.
 */
export function spmm(counts: StepCounts): Work {
  const { rows, edges, layers, dimension, longRows, partialSums } = counts
  const { touchedRows, touchedEdges, touchedNeighbours, dropout } = counts
  const rowBytes = WORD * dimension
  const all = { edges, lookUps: edges, distinct: rows, written: rows - longRows + partialSums }
  const ofStep = { edges: touchedEdges, lookUps: touchedEdges, distinct: touchedNeighbours, written: touchedRows }
  const fromStep = { ...all, lookUps: touchedEdges, distinct: touchedRows }
  return together(
    repeated(2 * (layers - 1), layer(counts, all)),
    layer(counts, ofStep),
    layer(counts, fromStep),
    streamed(markBytes(counts)),
    { ...lookedUp(edges, 0, WORD, 0), compulsoryBytes: markBytes(counts) },
    streamed(dropout ? 0 : rowBytes * ((layers - 1) * rows + touchedRows)),
    repeated(layers, streamed(rowBytes * touchedRows)),
  )
}

/** `markRows`, before a horizon: every run read, a bit of N rows written in every step. */
export function markRowsWebGpu(counts: StepCounts): Work {
  return streamed(WEBGPU_PLAN.run * counts.touchedRows + markBytes(counts))
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

/** `dropRows`, with dropout: R gradients read and written, the marks of N rows read. */
export function dropRows(counts: StepCounts): Work {
  const { dimension, touchedRows } = counts
  return streamed(2 * WORD * dimension * touchedRows + markBytes(counts), dimension * touchedRows)
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
