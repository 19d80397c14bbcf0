/** What the host tells the kernels about a block of users to rank for; see fitBlock.ts. */
@unmanaged
export class RankBlock {
  /** Users in this block. */
  users: u32
  items: u32
  dimension: u32
  k: u32
  /** users × dimension. */
  userVectors: usize
  /** items × dimension. */
  itemVectors: usize
  /** Item vectors again, as panels of eight: [panel][dimension][8]. */
  panels: usize
  /** Offsets of the block's users into `excluded`; 0 if nothing is excluded. */
  excludedPointer: usize
  excluded: usize
  /** users × k; of several variants, a block of `blockUsers` × k for each. */
  topItems: usize
  topScores: usize

  // Variants: see rankVariants.ts.
  variants: u32
  /** Numbers per item, 1 … 4; also per user in a variant. */
  corrections: u32
  /** [correction][place of the item], padded. */
  itemCorrections: usize
  /** [correction][2][group of places]: the largest and the smallest numbers of a group. */
  itemBounds: usize
  /** Which item is at each place; with variants, item vectors and `excluded` go by places. */
  itemAtPlace: usize
  /** [variant][blockUsers][correction]. */
  userCorrections: usize
  /** Users that there is room for in a block. */
  blockUsers: u32
  /** Users of a tile: a multiple of 4. */
  tileUsers: u32

  threads: u32
  team: usize
  scratch: usize
  scratchBytes: u32
}
