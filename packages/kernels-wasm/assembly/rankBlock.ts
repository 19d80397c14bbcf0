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
  /** users × k. */
  topItems: usize
  topScores: usize
  threads: u32
  team: usize
  scratch: usize
  scratchBytes: u32
}
