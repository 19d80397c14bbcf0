import type { Csr } from '@gradrec/engine'
import type { IdMap } from '../idMap.ts'
import { IdTable } from '../idTable.ts'
import type { TimedPairs } from '../timedPairs.ts'
import type { KCore } from './kCore.ts'

export interface IdentifiedPairs extends TimedPairs {
  readonly users: IdMap
  readonly items: IdMap
}

/** Takes what a k-core dropped out of the matrix and of the ids; those that stay keep their order. */
export function restrictToCore({ users, items, matrix, time }: IdentifiedPairs, core: KCore): IdentifiedPairs {
  return {
    users: keptIds(users, core.keepsUser),
    items: keptIds(items, core.keepsItem),
    matrix: keptPairs(matrix, core),
    time: time?.filter((_, k) => core.keepsPair[k] === 1),
  }
}

function keptPairs(matrix: Csr, { keepsUser, keepsItem, keepsPair }: KCore): Csr {
  const newItem = new Uint32Array(matrix.columnCount)
  let items = 0
  for (let item = 0; item < matrix.columnCount; item++) if (keepsItem[item] === 1) newItem[item] = items++
  const rowPointer = [0]
  const columns = new Uint32Array(matrix.columns.length)
  let kept = 0
  for (let user = 0; user < matrix.rows; user++) {
    if (keepsUser[user] === 0) continue
    for (let k = matrix.rowPointer[user]!; k < matrix.rowPointer[user + 1]!; k++) {
      if (keepsPair[k] === 1) columns[kept++] = newItem[matrix.columns[k]!]!
    }
    rowPointer.push(kept)
  }
  return {
    rows: rowPointer.length - 1,
    columnCount: items,
    rowPointer: Uint32Array.from(rowPointer),
    columns: columns.slice(0, kept),
  }
}

function keptIds(ids: IdMap, keeps: Uint8Array): IdMap {
  if (!keeps.includes(0)) return ids
  const kept = new IdTable()
  for (let index = 0; index < ids.size; index++) if (keeps[index] === 1) kept.addText(ids.idOf(index))
  return kept
}
