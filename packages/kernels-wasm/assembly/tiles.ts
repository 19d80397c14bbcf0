// Sums over neighbours where those lie too far apart for a core's cache: popular items have neighbours among all users, whose block of
// columns is megabytes. The neighbours are cut into tiles of consecutive rows, and many rows sum over their part of one tile before the
// next:
//
//     for tile: for row of range: sum[row] += Σ over the row's neighbours in the tile
//
// A row's neighbours are ascending, so that its sum has the same order and the same bits as in one go. A range belongs to one thread.
import { FitBlock } from './fitBlock'
import { blocksOf } from './propagation'
import { addRows, sumRows } from './spmm'

/** Tiles that the neighbours of a row are cut into; 1 where they are not. */
@inline
export function tilesOf(fit: FitBlock, row: u32): u32 {
  return row < fit.users ? fit.userTiles : fit.itemTiles
}

/** Ranges that rows with tiles are divided into, for each block of columns; none where no row has any. */
@inline
export function tiledRanges(fit: FitBlock): u32 {
  return fit.userTiles > 1 || fit.itemTiles > 1 ? fit.tileRanges * blocksOf(fit) : 0
}

/** Sums row `row` over its neighbours in tile `tile`, on top of what the tiles before have left in `sum`. */
@inline
export function addTile(fit: FitBlock, row: u32, tile: u32, block: usize, sum: usize, bytes: usize): void {
  const isUser = row < fit.users
  const rows = isUser ? fit.users : fit.items
  // [tile][row] where a row's part of a tile begins; what begins the next ends it.
  const begins = (isUser ? fit.userTileEdges : fit.itemTileEdges) + ((tile * rows + row - (isUser ? 0 : fit.users)) << 2)
  const first = fit.graphColumns + (load<u32>(begins) << 2)
  const last = fit.graphColumns + (load<u32>(begins + (rows << 2)) << 2)
  if (tile === 0) sumRows(first, last, block, bytes, sum, bytes)
  else if (first < last) addRows(first, last, block, bytes, sum, bytes)
}

/**
 * Sums rows `first` … `end` − 1 over all their neighbours: users, and items, if they have tiles and are wanted.
 *
 * @param stride bytes from a row's sum to the next
 */
export function sumTiledRows(
  fit: FitBlock,
  first: u32,
  end: u32,
  block: usize,
  sums: usize,
  stride: usize,
  bytes: usize,
  wantsUsers: bool,
  wantsItems: bool,
): void {
  const userTiles = wantsUsers && fit.userTiles > 1 ? fit.userTiles : 0
  const itemTiles = wantsItems && fit.itemTiles > 1 ? fit.itemTiles : 0
  const tiles = max(userTiles, itemTiles)
  for (let tile: u32 = 0; tile < tiles; tile++) {
    const from = tile < userTiles ? first : max(first, fit.users)
    const to = tile < itemTiles ? end : min(end, fit.users)
    for (let row = from; row < to; row++) addTile(fit, row, tile, block, sums + row * stride, bytes)
  }
}
