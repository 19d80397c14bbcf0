import type { Repair } from './dataset.ts'
import type { IdMap } from './idMap.ts'

/** What a reader makes of one file: parallel columns, one entry an interaction, in the file's order, nothing filtered. */
export interface Interactions {
  /** The file's name, as messages show it. */
  readonly source: string
  readonly users: IdMap
  readonly items: IdMap
  /** User row of each interaction. */
  readonly user: Uint32Array
  /** Item row of each interaction. */
  readonly item: Uint32Array
  /** As it stands in the file, where the file has ratings. */
  readonly rating?: Float32Array
  /** Seconds since 1970, or whatever clock the file uses, where it has times. */
  readonly time?: Float64Array
  /**
   * Whether the file itself says how many users and items there are (npz). Then those without interactions stay; otherwise
   * the users and items are the ones that occur.
   */
  readonly declared: boolean
  readonly repairs: readonly Repair[]
}
