import type { FitSpec } from '@gradrec/engine'
import type { LinearMemory } from './linearMemory.ts'
import { sizes } from './wasm.generated.ts'

export const RECORDED_NAMES = ['recordedPositive', 'recordedNegative'] as const

/** `FitBlock.recording` by name: see assembly/fitBlock.ts. */
const RECORDS = { none: 0, vector: 1, gradient: 2 } as const

export function records({ recording = 'none' }: Pick<FitSpec, 'recording'>): boolean {
  return recording !== 'none'
}

export function recordingFields({ recording = 'none' }: FitSpec): { readonly recording: number } {
  return { recording: RECORDS[recording] }
}

/** What the recording of a step with `triples` triples multiplies by: `StepBlock.recordScale`. */
export function recordScale(recording: FitSpec['recording'], learningRate: number, triples: number): number {
  return recording === 'gradient' ? -learningRate * triples : learningRate
}

type Shape = Pick<FitSpec, 'interactions' | 'dimension'>
type Name = (typeof RECORDED_NAMES)[number]

/** Where a run keeps what it records. */
type Addresses = Readonly<Record<Name | 'recordedUsers', number>>

/** Copies a recorded table out of the memory: users × d, then items × d. */
export function readRecorded(memory: LinearMemory, at: Addresses, name: Name, shape: Shape): Float32Array {
  const stored = storedParts(memory, at, name, shape)
  const table = new Float32Array((shape.interactions.rows + shape.interactions.columnCount) * shape.dimension)
  eachPiece(name, shape, (part, inPart, inTable, width) => {
    table.set(stored[part].subarray(inPart, inPart + width), inTable)
  })
  return table
}

/** The other way round. */
export function writeRecorded(
  memory: LinearMemory,
  at: Addresses,
  name: Name,
  shape: Shape,
  table: Float32Array,
): void {
  const stored = storedParts(memory, at, name, shape)
  eachPiece(name, shape, (part, inPart, inTable, width) => {
    stored[part].set(table.subarray(inTable, inTable + width), inPart)
  })
}

function storedParts(memory: LinearMemory, at: Addresses, name: Name, { interactions, dimension }: Shape) {
  return {
    users: memory.floats(at.recordedUsers, 2 * interactions.rows * dimension),
    items: memory.floats(at[name], interactions.columnCount * dimension),
  }
}

/**
 * Visits every stretch of a table that lies together in memory too. A user's positive and negative rows lie side by side, items
 * as blocks of columns: see assembly/recordUsers.ts and recordItems.ts.
 */
function eachPiece(
  name: Name,
  { interactions, dimension }: Shape,
  visit: (part: 'users' | 'items', inPart: number, inTable: number, width: number) => void,
): void {
  const { rows: users, columnCount: items } = interactions
  const second = name === 'recordedNegative' ? dimension : 0
  for (let user = 0; user < users; user++) {
    visit('users', 2 * user * dimension + second, user * dimension, dimension)
  }
  const columns = sizes.columnBlock / 4
  for (let column = 0; column < dimension; column += columns) {
    const width = Math.min(columns, dimension - column)
    for (let item = 0; item < items; item++) {
      visit('items', column * items + item * width, (users + item) * dimension + column, width)
    }
  }
}
