// What the distance correlation needs of all distances together: the means of every row, and the means of products of distances.
// Distances are symmetric, so that every tile is taken once and counts for its rows and for its columns. What a block of rows
// adds to the sums of a row is written to a place of its own, and the places are added up in order: the same bits with any
// number of threads. Tiles are summed up in float32, over tiles in float64.
import { panelCount, PANEL, rowCount } from './distancePanels'
import { computeTile, HALF_TILE, keepsTiles, TILE, tileAt } from './distances'
import { FitBlock } from './fitBlock'
import { nextPiece } from './team'

/** Panels of a block at least, and blocks at most: more rows are in larger blocks. */
export const BLOCK_PANELS: u32 = 8
export const MOST_BLOCKS: u32 = 64
/** Bytes of a piece's sums: of a b, a² and b². */
const PIECE_BYTES: usize = 32
/** Rows whose means are taken at once. */
const ROWS: u32 = 64

@inline
function panelsOfBlock(): u32 {
  return max(BLOCK_PANELS, (panelCount + MOST_BLOCKS - 1) / MOST_BLOCKS)
}

@inline
function blockCount(): u32 {
  const size = panelsOfBlock()
  return (panelCount + size - 1) / size
}

/** Pairs of blocks. */
@inline
function pieceCount(): u32 {
  const blocks = blockCount()
  return (blocks * (blocks + 1)) >> 1
}

/** What the rows of block `block` add to the sums of row `row`: of a; those of b are `rowsBytes` further. */
@inline
function partAt(fit: FitBlock, block: u32, row: u32): usize {
  return fit.distanceParts + ((2 * block * panelCount * PANEL + row) << 3)
}

/** Bytes of a float64 for every row. */
@inline
export function rowsBytes(): usize {
  return (panelCount * PANEL) << 3
}

/** Means of the distances of row `row`, in float64: a; those of b are `rowsBytes` further. */
@inline
export function meanAt(fit: FitBlock, row: u32): usize {
  return fit.distanceMeans + (row << 3)
}

/** The same in float32: a; those of b are half of `rowsBytes` further. */
@inline
export function roundedMeanAt(fit: FitBlock, row: u32): usize {
  return fit.distanceMeans + 2 * rowsBytes() + (row << 2)
}

/** Bytes from a row's rounded mean of a to that of b. */
@inline
export function roundedRowsBytes(): usize {
  return rowsBytes() >> 1
}

/** Computes every tile, keeps it if there is room, and sums it up; a pair of blocks a piece. */
export function sumTiles(fit: FitBlock, scratch: usize): void {
  const isKept = keepsTiles(fit)
  const size = panelsOfBlock()
  const blocks = blockCount()
  const pieces = pieceCount()
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    let first: u32 = 0
    let place = piece
    for (; place >= blocks - first; first++) place -= blocks - first
    const second = first + place
    const products = fit.distancePieces + piece * PIECE_BYTES
    memory.fill(products, 0, PIECE_BYTES)
    clearPart(fit, second, first)
    clearPart(fit, first, second)
    const end = min(panelCount, (first + 1) * size)
    const otherEnd = min(panelCount, (second + 1) * size)
    for (let panel = first * size; panel < end; panel++) {
      for (let other = max(panel, second * size); other < otherEnd; other++) {
        const tile = isKept ? tileAt(fit, panel, other) : scratch
        computeTile(fit, panel, other, tile)
        const rows = partAt(fit, second, panel * PANEL)
        const columns = panel === other ? 0 : partAt(fit, first, other * PANEL)
        addSums(tile, rows, columns)
        addSums(tile + HALF_TILE, rows + rowsBytes(), columns === 0 ? 0 : columns + rowsBytes())
        addProducts(tile, panel === other ? 1 : 2, products)
      }
    }
  }
}

/** Clears what block `block` adds to the rows of block `ofRows`. */
@inline
function clearPart(fit: FitBlock, block: u32, ofRows: u32): void {
  const row = ofRows * panelsOfBlock() * PANEL
  const bytes: usize = (min(panelsOfBlock(), panelCount - ofRows * panelsOfBlock()) * PANEL) << 3
  memory.fill(partAt(fit, block, row), 0, bytes)
  memory.fill(partAt(fit, block, row) + rowsBytes(), 0, bytes)
}

/** Adds half a tile's sums to those of its eight rows, and of its eight columns unless `columns` is 0. */
function addSums(tile: usize, rows: usize, columns: usize): void {
  let columns0 = f32x4.splat(0)
  let columns1 = f32x4.splat(0)
  for (let at: usize = 0; at < HALF_TILE; at += 128) {
    const row00 = v128.load(tile + at)
    const row01 = v128.load(tile + at, 16)
    const row10 = v128.load(tile + at, 32)
    const row11 = v128.load(tile + at, 48)
    const row20 = v128.load(tile + at, 64)
    const row21 = v128.load(tile + at, 80)
    const row30 = v128.load(tile + at, 96)
    const row31 = v128.load(tile + at, 112)
    columns0 = f32x4.add(columns0, f32x4.add(f32x4.add(row00, row10), f32x4.add(row20, row30)))
    columns1 = f32x4.add(columns1, f32x4.add(f32x4.add(row01, row11), f32x4.add(row21, row31)))
    const sum0 = f32x4.add(row00, row01)
    const sum1 = f32x4.add(row10, row11)
    const sum2 = f32x4.add(row20, row21)
    const sum3 = f32x4.add(row30, row31)
    // Transposed, the four sums of lanes are vector additions.
    const low01 = v128.shuffle<f32>(sum0, sum1, 0, 4, 1, 5)
    const high01 = v128.shuffle<f32>(sum0, sum1, 2, 6, 3, 7)
    const low23 = v128.shuffle<f32>(sum2, sum3, 0, 4, 1, 5)
    const high23 = v128.shuffle<f32>(sum2, sum3, 2, 6, 3, 7)
    const lanes01 = f32x4.add(low01, high01)
    const lanes23 = f32x4.add(low23, high23)
    const low = v128.shuffle<f32>(lanes01, lanes23, 0, 1, 4, 5)
    addPromoted(rows + (at >> 2), f32x4.add(low, v128.shuffle<f32>(lanes01, lanes23, 2, 3, 6, 7)))
  }
  if (columns === 0) return
  addPromoted(columns, columns0)
  addPromoted(columns + 32, columns1)
}

/** Adds four float32s to four float64s. */
@inline
function addPromoted(sums: usize, values: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(values)))
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 2, 3))
  v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16)
}

/** Adds `times` the sums of a b, a² and b² over a tile. */
function addProducts(tile: usize, times: f64, products: usize): void {
  let ab = f32x4.splat(0)
  let aa = f32x4.splat(0)
  let bb = f32x4.splat(0)
  const end = tile + HALF_TILE
  for (; tile < end; tile += 16) {
    const a = v128.load(tile)
    const b = v128.load(tile, HALF_TILE)
    ab = f32x4.add(ab, f32x4.mul(a, b))
    aa = f32x4.add(aa, f32x4.mul(a, a))
    bb = f32x4.add(bb, f32x4.mul(b, b))
  }
  store<f64>(products, load<f64>(products) + times * sumOfLanes(ab))
  store<f64>(products, load<f64>(products, 8) + times * sumOfLanes(aa), 8)
  store<f64>(products, load<f64>(products, 16) + times * sumOfLanes(bb), 16)
}

@inline
function sumOfLanes(values: v128): f64 {
  const high = v128.shuffle<f32>(values, values, 2, 3, 2, 3)
  const sums = f64x2.add(f64x2.promote_low_f32x4(values), f64x2.promote_low_f32x4(high))
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
}

/** The mean distances of every row from all; after `sumTiles`. */
export function averageRows(fit: FitBlock): void {
  const blocks = blockCount()
  const pieces = (rowCount + ROWS - 1) / ROWS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(rowCount, (piece + 1) * ROWS)
    for (let row = piece * ROWS; row < end; row++) {
      let a: f64 = 0
      let b: f64 = 0
      for (let block: u32 = 0; block < blocks; block++) {
        const part = partAt(fit, block, row)
        a += load<f64>(part)
        b += load<f64>(part + rowsBytes())
      }
      a /= <f64>rowCount
      b /= <f64>rowCount
      store<f64>(meanAt(fit, row), a)
      store<f64>(meanAt(fit, row) + rowsBytes(), b)
      store<f32>(roundedMeanAt(fit, row), <f32>a)
      store<f32>(roundedMeanAt(fit, row) + roundedRowsBytes(), <f32>b)
    }
  }
}

/** The means of all distances, and the means of the products of centred ones. */
export let meanA: f64 = 0
export let meanB: f64 = 0
export let meanAB: f64 = 0
export let meanAA: f64 = 0
export let meanBB: f64 = 0

/**
 * Finds these means; every thread the same. Centred distances need not be made for them: with r_k, s_k the means of rows and r, s those
 * of all, mean(A ∘ B) = mean(a ∘ b) − 2 mean(r_k s_k) + r s, which float64 has digits enough for.
 */
export function averageAll(fit: FitBlock): void {
  const pieces = pieceCount()
  let ab: f64 = 0
  let aa: f64 = 0
  let bb: f64 = 0
  for (let piece: u32 = 0; piece < pieces; piece++) {
    const products = fit.distancePieces + piece * PIECE_BYTES
    ab += load<f64>(products)
    aa += load<f64>(products, 8)
    bb += load<f64>(products, 16)
  }
  let rowsA: f64 = 0
  let rowsB: f64 = 0
  let rowsAB: f64 = 0
  let rowsAA: f64 = 0
  let rowsBB: f64 = 0
  for (let row: u32 = 0; row < rowCount; row++) {
    const a = load<f64>(meanAt(fit, row))
    const b = load<f64>(meanAt(fit, row) + rowsBytes())
    rowsA += a
    rowsB += b
    rowsAB += a * b
    rowsAA += a * a
    rowsBB += b * b
  }
  const count = <f64>rowCount
  meanA = rowsA / count
  meanB = rowsB / count
  meanAB = max((ab / count - 2 * rowsAB) / count + meanA * meanB, 0)
  meanAA = max((aa / count - 2 * rowsAA) / count + meanA * meanA, 0)
  meanBB = max((bb / count - 2 * rowsBB) / count + meanB * meanB, 0)
}
