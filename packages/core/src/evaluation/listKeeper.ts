import { NO_ITEM, rowColumns, type Csr } from '@gradrec/engine'
import type { EvaluatedLists } from './evaluatedLists.ts'
import type { ItemPopularity } from './itemPopularity.ts'
import type { UserBlock } from './userBlocks.ts'

/** Collects lists block by block. */
export class ListKeeper {
  /** Complete when every block was kept. */
  readonly lists: EvaluatedLists

  constructor(users: Uint32Array, k: number, heldOut: Csr, popularity: ItemPopularity) {
    this.lists = {
      users,
      k,
      items: new Uint32Array(users.length * k).fill(NO_ITEM),
      heldOut,
      headCandidates: new Uint32Array(users.length),
      tailCandidates: new Uint32Array(users.length),
      popularity,
    }
  }

  /** @param items a block's lists, block.users.length × k */
  keep(block: UserBlock, items: Uint32Array): void {
    const { k, headCandidates, tailCandidates, popularity } = this.lists
    const { isHead, headSize } = popularity
    this.lists.items.set(items, block.begin * k)
    for (let b = 0; b < block.users.length; b++) {
      const excluded = rowColumns(block.exclude, b)
      let popular = 0
      for (let n = 0; n < excluded.length; n++) popular += isHead[excluded[n]!]!
      headCandidates[block.begin + b] = headSize - popular
      tailCandidates[block.begin + b] = isHead.length - headSize - (excluded.length - popular)
    }
  }
}
