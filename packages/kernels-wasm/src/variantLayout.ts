import type { Corrections, Matrix } from '@gradrec/engine'
import type { LinearMemory } from './linearMemory.ts'
import { sizes } from './wasm.generated.ts'

/** Scores of all items for the users of a tile: small enough to stay in a core's cache while the variants go through them. */
const MOST_TILE_BYTES = 512 << 10
const MOST_TILE_USERS = 32
/** Lists of all variants for a block of users, which come out of the memory at once. */
const MOST_LIST_BYTES = 128 << 20

/** How the variants of a ranking lie in memory: see assembly/rankVariants.ts. */
export interface VariantLayout {
  /** The items by their first feature: which item is at each place, and at which place each item is. */
  readonly itemAtPlace: Uint32Array
  readonly placeOfItem: Uint32Array
  /** Users of a block, at most what was asked for. */
  readonly blockUsers: number
  /** Users whose scores a thread keeps at once. */
  readonly tileUsers: number
  /** Bytes of the arrays. */
  readonly itemCorrections: number
  readonly itemBounds: number
  readonly userCorrections: number
  readonly scratch: number
}

/** @param usersAtOnce users of a block, if memory allows it */
export function variantLayout({ items, users }: Corrections, usersAtOnce: number, k: number): VariantLayout {
  const rowBytes = 4 * paddedItems(items.rows)
  const boundBytes = rowBytes / sizes.variantGroup
  const fitting = Math.floor(Math.min(MOST_TILE_USERS, MOST_TILE_BYTES / rowBytes) / 4) * 4
  const tileUsers = Math.max(4, fitting)
  const blockUsers = Math.max(1, Math.min(usersAtOnce, Math.floor(MOST_LIST_BYTES / (users.length * k * 8))))
  const scratch = tileUsers * rowBytes + boundBytes + sizes.variantScratchPerPlace * k
  const itemAtPlace = byFirstFeature(items)
  const placeOfItem = new Uint32Array(items.rows)
  for (let place = 0; place < items.rows; place++) placeOfItem[itemAtPlace[place]!] = place
  return {
    itemAtPlace,
    placeOfItem,
    blockUsers,
    tileUsers,
    itemCorrections: items.dimension * rowBytes,
    itemBounds: items.dimension * 2 * boundBytes,
    userCorrections: users.length * blockUsers * items.dimension * 4,
    scratch: Math.ceil(scratch / 64) * 64,
  }
}

function byFirstFeature({ rows, dimension, values }: Matrix): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, item) => item).sort(
    (a, b) => values[a * dimension]! - values[b * dimension]! || a - b,
  )
}

/** The items' features by place, one feature after another, and each group's largest and smallest. */
export function writeItemCorrections(
  memory: LinearMemory,
  at: { readonly itemCorrections: number; readonly itemBounds: number; readonly itemAtPlace: number },
  { items: { rows, dimension, values } }: Corrections,
  { itemAtPlace }: VariantLayout,
): void {
  const { variantGroup } = sizes
  const padded = paddedItems(rows)
  const groups = padded / variantGroup
  const features = memory.floats(at.itemCorrections, dimension * padded)
  const bounds = memory.floats(at.itemBounds, dimension * 2 * groups)
  memory.words(at.itemAtPlace, rows).set(itemAtPlace)
  for (let r = 0; r < dimension; r++) {
    for (let place = 0; place < rows; place++) {
      const value = values[itemAtPlace[place]! * dimension + r]!
      features[r * padded + place] = value
      const group = 2 * r * groups + Math.floor(place / variantGroup)
      const isFirst = place % variantGroup === 0
      if (isFirst || value > bounds[group]!) bounds[group] = value
      if (isFirst || value < bounds[group + groups]!) bounds[group + groups] = value
    }
  }
}

/** The weights of users `first` … `first` + `count` − 1 in every variant. */
export function writeUserCorrections(
  memory: LinearMemory,
  address: number,
  { users }: Corrections,
  { first, count, blockUsers }: { readonly first: number; readonly count: number; readonly blockUsers: number },
): void {
  for (const [variant, { dimension, values }] of users.entries()) {
    const weights = values.subarray(first * dimension, (first + count) * dimension)
    memory.floats(address + 4 * variant * blockUsers * dimension, weights.length).set(weights)
  }
}

/** Rows of a matrix in another order: row n is row `order[n]` of the matrix. */
export function writeRows(memory: LinearMemory, address: number, matrix: Matrix, order: Uint32Array): void {
  const { dimension, values } = matrix
  const target = memory.floats(address, values.length)
  for (const [row, from] of order.entries()) {
    target.set(values.subarray(from * dimension, (from + 1) * dimension), row * dimension)
  }
}

function paddedItems(items: number): number {
  return Math.ceil(items / sizes.variantPadding) * sizes.variantPadding
}
