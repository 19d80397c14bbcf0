// The gradient of weight · dCor by rows (packages/engine/src/objective.ts, `Discrepancy`). With the centred distances A, B and
//
//     w_kl = (α B_kl − β A_kl) / a_kl, 0 where a_kl = 0      α = weight dCor / (S_ab + ε) / n²      β = weight dCor / (S_aa + ε) / n²
//
// that by row k of X is Σ_l w_kl (X_k − X_l) = (Σ_l w_kl) X_k − Σ_l w_kl X_l, and the same for Y with a and b exchanged. The last sum is
// a product of matrices: for eight rows k at a time, w of many l is laid out as [l][8] and gathers blocks of eight columns:
//
//     for k of 4: for f of 8: for l: sum[k][f] += w[l][k] · columns[l][f]
//
// Taking the two sums apart is safe: it rounds a term by some 2⁻²⁴ w_kl ‖X_l‖, and since rows that differ at all are about 2⁻²⁴ ‖X_l‖
// apart or more, that is never more than the term's own size, which is no larger for close rows than for others.
import { blocksOfHalf, COLUMN_BYTES, columnsAt, PANEL, panelCount, rowCount, runAt } from './distancePanels'
import { HALF_TILE, keepsTiles, readTile, TILE } from './distances'
import { meanA, meanAA, meanAB, meanAt, meanB, meanBB, roundedMeanAt, roundedRowsBytes, rowsBytes } from './distanceSums'
import { FitBlock } from './fitBlock'
import { ROW_BYTES } from './scratch'
import { nextPiece } from './team'

const EPSILON: f64 = 1e-12
/** Panels whose weights are laid out at once, so that they stay in the nearest cache. */
const CHUNK: u32 = 32
const CHUNK_BYTES: usize = 32 * HALF_TILE

// A thread's own memory. A tile that is not kept, or kept the other way round, comes first.
/** Σ_l w_kl of eight rows: of X, then of Y. */
const WEIGHT_SUMS: usize = TILE
/** Means of eight rows' distances less the mean of all: a, then b. */
const OWN_MEANS: usize = WEIGHT_SUMS + 64
/** w of a chunk, [half][l][8]. */
const WEIGHTS: usize = OWN_MEANS + 64
/** Σ_l w_kl X_l of eight rows: [block of columns][8][8], for the widest row there is. */
const ROW_SUMS: usize = WEIGHTS + 2 * CHUNK_BYTES
/** Bytes of it all. */
export const DISTANCE_SCRATCH: usize = ROW_SUMS + 8 * ROW_BYTES

let alpha: f32 = 0
let betaA: f32 = 0
let betaB: f32 = 0

/** Writes the gradients of the rows at hand, a panel a piece; after `averageAll`. */
export function distanceGradients(fit: FitBlock, scratch: usize): void {
  scaleWeights(fit)
  const isKept = keepsTiles(fit)
  for (let panel = nextPiece(); panel < panelCount; panel = nextPiece()) {
    memory.fill(scratch + WEIGHT_SUMS, 0, 64)
    memory.fill(scratch + ROW_SUMS, 0, blocksOfHalf(fit) * 2 * HALF_TILE)
    writeOwnMeans(fit, panel, scratch + OWN_MEANS)
    for (let first: u32 = 0; first < panelCount; first += CHUNK) {
      const end = min(panelCount, first + CHUNK)
      for (let other = first; other < end; other++) {
        const tile = readTile(fit, isKept, other, panel, scratch)
        weighTile(fit, tile, other * PANEL, scratch + WEIGHTS + (other - first) * HALF_TILE, scratch)
      }
      gatherRows(fit, first * PANEL, (end - first) * PANEL, scratch)
    }
    writeGradients(fit, panel, scratch)
  }
}

function scaleWeights(fit: FitBlock): void {
  const ab = meanAB + EPSILON
  const aa = meanAA + EPSILON
  const bb = meanBB + EPSILON
  const value = Math.sqrt(ab) / Math.sqrt(Math.sqrt(aa) * Math.sqrt(bb))
  const scale = (<f64>fit.discrepancyWeight * value) / (<f64>rowCount * <f64>rowCount)
  alpha = <f32>(scale / ab)
  betaA = <f32>(scale / aa)
  betaB = <f32>(scale / bb)
}

/**
 * Rounded to float32 after the mean of all is taken away: an error would be in all the weights of a row, and what is left is small.
 * Those of other rows are rounded as they are, because their errors differ from weight to weight.
 */
@inline
function writeOwnMeans(fit: FitBlock, panel: u32, out: usize): void {
  for (let lane: u32 = 0; lane < PANEL; lane++) {
    const mean = meanAt(fit, panel * PANEL + lane)
    store<f32>(out + (lane << 2), <f32>(load<f64>(mean) - meanA))
    store<f32>(out + (lane << 2), <f32>(load<f64>(mean + rowsBytes()) - meanB), 32)
  }
}

/** Turns the tile of rows l from `row` on and the eight rows k at hand into weights, and adds them to their sums. */
function weighTile(fit: FitBlock, tile: usize, row: u32, weights: usize, scratch: usize): void {
  const alpha4 = f32x4.splat(alpha)
  const betaA4 = f32x4.splat(betaA)
  const betaB4 = f32x4.splat(betaB)
  const zero = f32x4.splat(0)
  const toB = roundedRowsBytes()
  for (let lanes: usize = 0; lanes < 32; lanes += 16) {
    const ownA = v128.load(scratch + lanes, OWN_MEANS)
    const ownB = v128.load(scratch + lanes, OWN_MEANS + 32)
    let sumA = v128.load(scratch + lanes, WEIGHT_SUMS)
    let sumB = v128.load(scratch + lanes, WEIGHT_SUMS + 32)
    let mean = roundedMeanAt(fit, row)
    for (let at = lanes; at < HALF_TILE; at += 32) {
      const a = v128.load(tile + at)
      const b = v128.load(tile + at, HALF_TILE)
      const centredA = f32x4.sub(f32x4.sub(a, v128.load32_splat(mean)), ownA)
      const centredB = f32x4.sub(f32x4.sub(b, v128.load32_splat(mean + toB)), ownB)
      mean += 4
      const slopeA = f32x4.sub(f32x4.mul(alpha4, centredB), f32x4.mul(betaA4, centredA))
      const slopeB = f32x4.sub(f32x4.mul(alpha4, centredA), f32x4.mul(betaB4, centredB))
      const weightA = v128.and(f32x4.gt(a, zero), f32x4.div(slopeA, a))
      const weightB = v128.and(f32x4.gt(b, zero), f32x4.div(slopeB, b))
      sumA = f32x4.add(sumA, weightA)
      sumB = f32x4.add(sumB, weightB)
      v128.store(weights + at, weightA)
      v128.store(weights + at, weightB, CHUNK_BYTES)
    }
    v128.store(scratch + lanes, sumA, WEIGHT_SUMS)
    v128.store(scratch + lanes, sumB, WEIGHT_SUMS + 32)
  }
}

/** Adds up Σ_l w_kl X_l over a chunk's rows l, `count` from `row` on. */
function gatherRows(fit: FitBlock, row: u32, count: u32, scratch: usize): void {
  const blocks = blocksOfHalf(fit)
  for (let block: u32 = 0; block < 2 * blocks; block++) {
    const weights = scratch + WEIGHTS + (block < blocks ? 0 : CHUNK_BYTES)
    const columns = columnsAt(fit, block, row)
    const sums = scratch + ROW_SUMS + block * HALF_TILE
    gatherFour(weights, columns, count, sums)
    gatherFour(weights + 16, columns, count, sums + 128)
  }
}

/** For four rows k, of a panel's eight. */
function gatherFour(weights: usize, columns: usize, count: u32, sums: usize): void {
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  let s10 = f32x4.splat(0)
  let s11 = f32x4.splat(0)
  let s20 = f32x4.splat(0)
  let s21 = f32x4.splat(0)
  let s30 = f32x4.splat(0)
  let s31 = f32x4.splat(0)
  const end = columns + count * COLUMN_BYTES
  while (columns < end) {
    const x0 = v128.load(columns)
    const x1 = v128.load(columns, 16)
    columns += COLUMN_BYTES
    const w0 = v128.load32_splat(weights)
    s00 = f32x4.add(s00, f32x4.mul(w0, x0))
    s01 = f32x4.add(s01, f32x4.mul(w0, x1))
    const w1 = v128.load32_splat(weights, 4)
    s10 = f32x4.add(s10, f32x4.mul(w1, x0))
    s11 = f32x4.add(s11, f32x4.mul(w1, x1))
    const w2 = v128.load32_splat(weights, 8)
    s20 = f32x4.add(s20, f32x4.mul(w2, x0))
    s21 = f32x4.add(s21, f32x4.mul(w2, x1))
    const w3 = v128.load32_splat(weights, 12)
    s30 = f32x4.add(s30, f32x4.mul(w3, x0))
    s31 = f32x4.add(s31, f32x4.mul(w3, x1))
    weights += 32
  }
  v128.store(sums, f32x4.add(v128.load(sums), s00))
  v128.store(sums, f32x4.add(v128.load(sums, 16), s01), 16)
  v128.store(sums, f32x4.add(v128.load(sums, 32), s10), 32)
  v128.store(sums, f32x4.add(v128.load(sums, 48), s11), 48)
  v128.store(sums, f32x4.add(v128.load(sums, 64), s20), 64)
  v128.store(sums, f32x4.add(v128.load(sums, 80), s21), 80)
  v128.store(sums, f32x4.add(v128.load(sums, 96), s30), 96)
  v128.store(sums, f32x4.add(v128.load(sums, 112), s31), 112)
}

function writeGradients(fit: FitBlock, panel: u32, scratch: usize): void {
  const half: usize = fit.vectors << 3
  const count = min(PANEL, rowCount - panel * PANEL)
  for (let lane: u32 = 0; lane < count; lane++) {
    const row = panel * PANEL + lane
    const gradient = fit.distanceGradients + runAt(row) * (fit.vectors << 4)
    for (let at: usize = 0; at < half << 1; at += 16) {
      const isSecond = at >= half
      const inHalf = isSecond ? at - half : at
      const block = (isSecond ? blocksOfHalf(fit) : 0) + <u32>(inHalf / COLUMN_BYTES)
      const inBlock = inHalf % COLUMN_BYTES
      const x = v128.load(columnsAt(fit, block, row) + inBlock)
      const sum = v128.load(scratch + ROW_SUMS + block * HALF_TILE + lane * COLUMN_BYTES + inBlock)
      const weights = v128.load32_splat(scratch + WEIGHT_SUMS + (isSecond ? 32 : 0) + (lane << 2))
      v128.store(gradient + at, f32x4.sub(f32x4.mul(weights, x), sum))
    }
  }
}
