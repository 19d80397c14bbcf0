// Distances of rows, by halves: a_kl = ‖X_k − X_l‖ and b_kl = ‖Y_k − Y_l‖, a tile of two panels at a time:
//
//     for k of 8: for l of 8: for f: square[k][l] += (panel[f][k] − other[f][l])²      tile = √square
//
// A tile has a[8][8], then b[8][8]. Differences are squared rather than products taken, which would cancel where rows are close.
// Tiles (K, L) with K ≤ L are kept if there is room for them; else they are computed whenever they are needed, to the same bits.
import { panelAt, panelCount, PANEL, rowCount, transposeFour } from './distancePanels'
import { FitBlock } from './fitBlock'

/** Bytes of a tile's distances of one half, and of both. */
export const HALF_TILE: usize = 256
export const TILE: usize = 512

/** Whether there is room for the tiles of the rows at hand. */
@inline
export function keepsTiles(fit: FitBlock): bool {
  return <u64>panelCount * (panelCount + 1) * (TILE >> 1) <= fit.distanceTileBytes
}

/** Where tile (panel, other) is kept, panel ≤ other. */
@inline
export function tileAt(fit: FitBlock, panel: u32, other: u32): usize {
  return fit.distanceTiles + (panel * panelCount - ((panel * (panel - 1)) >> 1) + other - panel) * TILE
}

/** Distances of the rows of `panel` from those of `other`. Rows that only fill up a panel are at distance 0 from all. */
export function computeTile(fit: FitBlock, panel: u32, other: u32, tile: usize): void {
  const coordinates = fit.vectors << 1
  const half = <usize>coordinates << 5
  const rows = panelAt(fit, panel)
  const others = panelAt(fit, other)
  distancesOfFour(rows, others, coordinates, tile)
  distancesOfFour(rows + 16, others, coordinates, tile + 128)
  distancesOfFour(rows + half, others + half, coordinates, tile + HALF_TILE)
  distancesOfFour(rows + half + 16, others + half, coordinates, tile + HALF_TILE + 128)
  if ((max(panel, other) + 1) * PANEL > rowCount) clearFilling(tile, rowCount - panel * PANEL, rowCount - other * PANEL)
}

/** Distances of four rows, of a panel's eight, from the eight of another. */
function distancesOfFour(rows: usize, others: usize, coordinates: u32, out: usize): void {
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  let s10 = f32x4.splat(0)
  let s11 = f32x4.splat(0)
  let s20 = f32x4.splat(0)
  let s21 = f32x4.splat(0)
  let s30 = f32x4.splat(0)
  let s31 = f32x4.splat(0)
  const end = rows + (<usize>coordinates << 5)
  while (rows < end) {
    const others0 = v128.load(others)
    const others1 = v128.load(others, 16)
    others += 32
    const x0 = v128.load32_splat(rows)
    const d00 = f32x4.sub(others0, x0)
    const d01 = f32x4.sub(others1, x0)
    s00 = f32x4.add(s00, f32x4.mul(d00, d00))
    s01 = f32x4.add(s01, f32x4.mul(d01, d01))
    const x1 = v128.load32_splat(rows, 4)
    const d10 = f32x4.sub(others0, x1)
    const d11 = f32x4.sub(others1, x1)
    s10 = f32x4.add(s10, f32x4.mul(d10, d10))
    s11 = f32x4.add(s11, f32x4.mul(d11, d11))
    const x2 = v128.load32_splat(rows, 8)
    const d20 = f32x4.sub(others0, x2)
    const d21 = f32x4.sub(others1, x2)
    s20 = f32x4.add(s20, f32x4.mul(d20, d20))
    s21 = f32x4.add(s21, f32x4.mul(d21, d21))
    const x3 = v128.load32_splat(rows, 12)
    const d30 = f32x4.sub(others0, x3)
    const d31 = f32x4.sub(others1, x3)
    s30 = f32x4.add(s30, f32x4.mul(d30, d30))
    s31 = f32x4.add(s31, f32x4.mul(d31, d31))
    rows += 32
  }
  v128.store(out, f32x4.sqrt(s00))
  v128.store(out, f32x4.sqrt(s01), 16)
  v128.store(out, f32x4.sqrt(s10), 32)
  v128.store(out, f32x4.sqrt(s11), 48)
  v128.store(out, f32x4.sqrt(s20), 64)
  v128.store(out, f32x4.sqrt(s21), 80)
  v128.store(out, f32x4.sqrt(s30), 96)
  v128.store(out, f32x4.sqrt(s31), 112)
}

/** Leaves the distances of the first `rows` rows from the first `others` others. */
function clearFilling(tile: usize, rows: u32, others: u32): void {
  const lanes = i32x4(0, 1, 2, 3)
  const kept0 = i32x4.lt_u(lanes, i32x4.splat(others))
  const kept1 = i32x4.lt_u(i32x4.add(lanes, i32x4.splat(4)), i32x4.splat(others))
  for (let row: u32 = 0; row < 2 * PANEL; row++) {
    const at = tile + (row << 5)
    const isRow = i32x4.splat(row % PANEL < rows ? -1 : 0)
    v128.store(at, v128.and(v128.load(at), v128.and(isRow, kept0)))
    v128.store(at, v128.and(v128.load(at, 16), v128.and(isRow, kept1)), 16)
  }
}

/**
 * Tile (panel, other) for any two panels, once all are kept.
 *
 * @param scratch bytes of a tile
 * @returns where it is
 */
@inline
export function readTile(fit: FitBlock, isKept: bool, panel: u32, other: u32, scratch: usize): usize {
  if (!isKept) {
    computeTile(fit, panel, other, scratch)
    return scratch
  }
  if (panel <= other) return tileAt(fit, panel, other)
  const tile = tileAt(fit, other, panel)
  for (let half: usize = 0; half < TILE; half += HALF_TILE) {
    transposeFour(tile + half, scratch + half)
    transposeFour(tile + half + 16, scratch + half + 128)
    transposeFour(tile + half + 128, scratch + half + 16)
    transposeFour(tile + half + 144, scratch + half + 144)
  }
  return scratch
}
