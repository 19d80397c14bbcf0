import { describe, expect, it } from 'vitest'
import { adam, lazyAdam, updateRuns } from '../../src/roofline/models/adam.ts'
import { catchUp, catchUpFirst } from '../../src/roofline/models/catchUp.ts'
import { workOf } from '../../src/roofline/models/kernelModels.ts'
import { countDigits, scatterKeys, sortPasses } from '../../src/roofline/models/plan.ts'
import { backwardLayer, firstBackwardLayer, forwardLayer } from '../../src/roofline/models/propagateWasm.ts'
import { spmm } from '../../src/roofline/models/propagateWebGpu.ts'
import { recordItems } from '../../src/roofline/models/recording.ts'
import { score, scoreWasm, scoreWebGpu } from '../../src/roofline/models/score.ts'
import type { StepCounts } from '../../src/roofline/stepCounts.ts'

/** P 2, K 1, d 4 (rows of 16 bytes): two users and a positive each, one negative both, so that R is 5; N is 10. */
const COUNTS: StepCounts = {
  dimension: 4,
  negatives: 1,
  rows: 10,
  users: 6,
  items: 4,
  moments: 2,
  unitUsers: false,
  records: false,
  layers: 0,
  dropout: false,
  edges: 0,
  longRows: 0,
  partialSums: 0,
  positives: 2,
  touchedRows: 5,
  touchedUsers: 2,
  repeatedUsers: 0,
  repeatedSlots: 0,
  recordedItems: 3,
  touchedEdges: 0,
  touchedNeighbours: 0,
  caughtUpRows: 3,
  settledRows: 1,
  horizon: 4,
}
/** LightGCN: 30 edges, 12 of them of touched rows. */
const GRAPH: StepCounts = { ...COUNTS, layers: 2, edges: 30, touchedEdges: 12, touchedNeighbours: 7, moments: 3 }

describe('score', () => {
  it('reads rows, and writes users, their gradients, coefficients and losses', () => {
    // 6 places: numbers and coefficients 48; snapshots 64; losses 8.
    const streamed = 48 + 64 + 8
    expect(score(COUNTS)).toEqual({
      compulsoryBytes: 5 * 16 + streamed,
      gatheredBytes: 6 * 16 + streamed,
      gatheredFrom: 160,
      // Two products of 2d and a gradient of 3d, of two positives.
      operations: 2 * (2 * 8 + 12),
    })
  })

  it('divides by users’ lengths', () => {
    expect(score({ ...COUNTS, unitUsers: true }).operations - score(COUNTS).operations).toBe(2 * 6 * 4)
  })

  it('records users’ rows in WebAssembly, and sets them down on WebGPU', () => {
    const records = { ...COUNTS, records: true }
    // Two rows read and written for each of two users, and users kept.
    expect(scoreWasm(records).compulsoryBytes - score(COUNTS).compulsoryBytes).toBe(2 * 64 + 2 * 16)
    expect(scoreWebGpu(records).compulsoryBytes - score(COUNTS).compulsoryBytes).toBe(2 * 32)
    expect(scoreWasm(COUNTS)).toEqual(score(COUNTS))
  })
})

describe('updates', () => {
  // Two vectors of each positive; 6 places of 8 or 4 bytes with a coefficient; runs of 16.
  const wasmSums = 4 * 16 + 6 * 12 + 5 * 16
  const webGpuSums = 4 * 16 + 6 * 8 + 5 * 16
  // θ, m and v of five rows read and written.
  const adamBytes = 6 * 16 * 5

  it('are the scatter-add and Adam for the rows of a step', () => {
    expect(updateRuns(COUNTS)).toMatchObject({
      compulsoryBytes: wasmSums + adamBytes,
      gatheredBytes: wasmSums + adamBytes + 2 * 16,
      operations: 2 * 4 * 6 + 4 * 5 * (15 + 14),
    })
    expect(lazyAdam(COUNTS).compulsoryBytes).toBe(webGpuSums + adamBytes + 5 * 4)
  })

  it('are Adam for all rows, with amsgrad one more moment', () => {
    expect(adam(COUNTS).compulsoryBytes).toBe(10 * (6 * 16 + 16 + 8))
    expect(adam({ ...COUNTS, moments: 3 }).compulsoryBytes).toBe(10 * (8 * 16 + 16 + 8))
    expect(adam(COUNTS).operations).toBe(15 * 4 * 10)
  })

  it('move rows that lag behind', () => {
    expect(catchUpFirst(COUNTS).compulsoryBytes).toBe((16 + 8) * 5 + 3 * 6 * 16)
    expect(catchUp(COUNTS).compulsoryBytes).toBe((8 * 10) / 4 + 4 * 6 * 16)
  })

  it('record items, looked up once for each occurrence', () => {
    // Kept users 32; numbers and coefficients 48; rows read and written.
    expect(recordItems(COUNTS)).toMatchObject({
      compulsoryBytes: 32 + 48 + 3 * 32,
      gatheredBytes: 32 + 48 + 4 * 32,
      operations: 2 * 4 * 4,
    })
  })
})

describe('the sort', () => {
  it('takes as many passes of four bits as keys and the unused one need', () => {
    expect([14, 15, 16, 254, 255, 42_781].map((rows) => sortPasses({ rows }))).toEqual([1, 1, 2, 2, 2, 4])
  })

  it('reads and writes keys in every pass', () => {
    expect(countDigits(COUNTS).compulsoryBytes).toBe(4 * (6 + 16))
    expect(scatterKeys(COUNTS).compulsoryBytes).toBe(6 * 12 + 64)
    expect(scatterKeys({ ...COUNTS, rows: 16 }).compulsoryBytes).toBe(6 * (12 + 16) + 2 * 64)
  })
})

describe('propagation', () => {
  it('looks rows up by edges, or reads them once', () => {
    // Rows written with pointer and scales; the table's row; columns.
    const streamed = 10 * (16 + 12) + 10 * 16 + 4 * 30
    expect(forwardLayer(GRAPH)).toEqual({
      compulsoryBytes: 10 * 16 + streamed,
      gatheredBytes: 30 * 16 + streamed,
      gatheredFrom: 128 * 10,
      operations: 4 * 30 + 3 * 4 * 10,
    })
    expect(forwardLayer({ ...GRAPH, layers: 1 }).gatheredBytes).toBe(0)
    expect(forwardLayer({ ...GRAPH, layers: 3 }).gatheredBytes).toBe(2 * forwardLayer(GRAPH).gatheredBytes)
  })

  it('reads numbers of neighbours once for each block of columns', () => {
    const wide = forwardLayer({ ...GRAPH, dimension: 128 })
    // Four blocks of 32 columns: the numbers three times more than once, rows twenty times more than once.
    expect(wide.gatheredBytes - wide.compulsoryBytes).toBe(3 * 4 * 30 + 20 * 512)
  })

  it('goes back from the rows of the step first, and ends in the update', () => {
    // 12 look-ups of five rows; all columns; a word a row and pointer and scale; own gradients; rows written.
    const streamed = 4 * 30 + 4 * 10 * 2 + 5 * 16 + 10 * 16
    expect(firstBackwardLayer(GRAPH)).toMatchObject({
      compulsoryBytes: 5 * 16 + 4 * 10 + streamed,
      gatheredBytes: 12 * 16 + 4 * 30 + streamed,
    })
    const inside = 10 * 16 + 4 * 30 + 4 * 10 * 2 + 5 * 16
    expect(backwardLayer(GRAPH).compulsoryBytes).toBe(inside + 10 * 8 * 16)
    expect(backwardLayer({ ...GRAPH, layers: 1 }).compulsoryBytes).toBe(0)
    const three = backwardLayer({ ...GRAPH, layers: 3 })
    expect(three.compulsoryBytes).toBe(2 * inside + 10 * 16 + 10 * 8 * 16)
  })

  it('is four layers of spmm a step on WebGPU', () => {
    // Chunks and rows written, columns, the rows' scales; rows and scales looked up.
    const own = 10 * (16 + 16) + 4 * 30 + 4 * 10
    const whole = own + 30 * (16 + 4)
    const gradients = 5 * 16
    // Of the last forward layer five rows; chunks and a bit of every row are looked at.
    const last = 10 * 16 + 10 / 8 + 12 * (4 + 16 + 4) + 5 * (16 + 4)
    const forward = whole + 10 * 16 + last + 5 * 16
    const back = whole + own + 12 * (16 + 4) + 30 * 4 + 2 * gradients
    expect(spmm(GRAPH).gatheredBytes).toBe(forward + back)
    expect(spmm({ ...GRAPH, dropout: true }).gatheredBytes).toBe(forward + back - (10 + 5) * 16)
  })
})

describe('a kernel’s model', () => {
  it('is found by the kernel’s name and engine', () => {
    expect(workOf('wasm', 'score', COUNTS)).toEqual(score(COUNTS))
    expect(workOf('wasm', 'host', COUNTS)).toBeUndefined()
  })

  it('is missed', () => {
    expect(() => workOf('wasm', 'spmm', COUNTS)).toThrow('spmm of the engine wasm has no model')
    expect(() => workOf('webgpu', 'toString', COUNTS)).toThrow('toString')
  })
})
