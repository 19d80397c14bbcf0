import { tableRows, type FitSpec } from '@gradrec/engine'
import { readColumnBlocks, writeColumnBlocks } from './columnBlocks.ts'
import type { LinearMemory } from './linearMemory.ts'

type TableSpec = Pick<FitSpec, 'interactions' | 'dimension' | 'backbone' | 'objective' | 'initialTable'>

/** Writes the table of a run, or one of its moments, the way its backbone keeps it: assembly/tableBlocks.ts. */
export function writeTable(memory: LinearMemory, spec: TableSpec, address: number, table: Float32Array): void {
  const stored = memory.floats(address, table.length)
  if (spec.backbone.kind === 'lgn') writeColumnBlocks(stored, table, tableRows(spec))
  else stored.set(table)
}

/** Copies it out, row after row. */
export function readTable(memory: LinearMemory, spec: TableSpec, address: number): Float32Array {
  const stored = memory.floats(address, spec.initialTable.length)
  return spec.backbone.kind === 'lgn' ? readColumnBlocks(stored, tableRows(spec)) : stored.slice()
}
