import { columnCounts, type Csr } from '@gradrec/engine'
import type { Dataset, Parts, Repair } from './dataset.ts'
import { popularityGini } from './popularityGini.ts'

/** What can be said about one part of a split. */
export interface PartDescription {
  readonly interactions: number
  /** Users with an interaction in the part. */
  readonly users: number
  /** Items with an interaction in the part. */
  readonly items: number
  /** `popularityGini` over all items of the data set. */
  readonly gini: number
}

/** Where a split came from and how it was made: what makes it again. */
export interface SplitOrigin {
  /** The split's name, such as `intervened`, or a catalogue protocol's. */
  readonly preset: string
  /** The split's numbers, and the filters' before it. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly inputs: readonly InputFile[]
}

export interface InputFile {
  readonly file: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
}

/** A data set in numbers: what `split.json` holds beside the names of files. */
export interface SplitDescription {
  readonly name: string
  /** The data set's hash. */
  readonly hash: string
  readonly protocol: string
  readonly users: number
  readonly items: number
  readonly parts: Readonly<Partial<Record<keyof Parts, PartDescription>>>
  /** What was dropped or merged, and users and items that have no training interaction. */
  readonly repairs: readonly Repair[]
}

export function describeSplit(dataset: Dataset): SplitDescription {
  const { name, hash, protocol, users, items, parts, repairs } = dataset
  const described = Object.entries(parts).map(([part, matrix]) => [part, describePart(matrix as Csr)])
  return {
    name,
    hash,
    protocol,
    users: users.size,
    items: items.size,
    parts: Object.fromEntries(described) as SplitDescription['parts'],
    repairs,
  }
}

function describePart(matrix: Csr): PartDescription {
  let users = 0
  for (let user = 0; user < matrix.rows; user++) if (matrix.rowPointer[user]! < matrix.rowPointer[user + 1]!) users++
  return {
    interactions: matrix.columns.length,
    users,
    items: columnCounts(matrix).filter((count) => count > 0).length,
    gini: popularityGini(matrix),
  }
}
