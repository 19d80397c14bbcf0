import type { FitSpec } from '@gradrec/engine'
import { randomArms, randomInteractions, randomSpec } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { RowMarks } from '../src/rowMarks.ts'
import { testDevice } from './testDevice.ts'

const device = await testDevice({ gridWidth: 3 })
const STEPS = 3

function armsOf(users: 'shared' | 'apart', kind: 'none' | 'l2' = 'l2'): Partial<FitSpec> {
  return {
    arms: { users, discrepancy: { kind, weight: 1 } },
    interactions: randomArms(users, 70, 45, 300),
    batch: 5,
  }
}

/** Of a row the one in the other arm; none where it has none. */
function counterpart({ arms, interactions }: FitSpec, row: number): number | undefined {
  const { rows: users, columnCount: items } = interactions
  if (arms === undefined || arms.discrepancy.kind === 'none') return undefined
  if (row < users) return arms.users === 'apart' ? (row + users / 2) % users : undefined
  return users + ((row - users + items / 2) % items)
}

test.each<readonly [string, Partial<FitSpec>]>([
  ['the rows that a step draws', { interactions: randomInteractions(100, 77, 900), batch: 20 }],
  ['of a step that draws nearly all rows', { interactions: randomInteractions(20, 13, 60), batch: 60 }],
  ['the counterparts of items', armsOf('shared')],
  ['the counterparts of items and users', armsOf('apart')],
  ['nothing else where arms are not compared', armsOf('apart', 'none')],
])('marks %s, and no others', async (_, changes) => {
  const spec = randomSpec(changes)
  const rows = spec.interactions.rows + spec.interactions.columnCount
  const occurrences = spec.batch * (spec.sampler.negatives + 2)
  const drawn = Array.from({ length: STEPS }, (__, step) =>
    Array.from({ length: rows }, (___, row) => row).filter((row) => (row * 7919 + step * 31) % rows < occurrences),
  )
  const words = new Uint32Array(STEPS * (occurrences + 2) * 4)
  for (const [step, rowsOfStep] of drawn.entries()) {
    const base = 4 * step * (occurrences + 2)
    words[base] = rowsOfStep.length
    for (const [run, row] of rowsOfStep.entries()) words[base + 4 * (1 + run)] = row
  }
  const runs = device.upload('runs', words)
  const rowMarks = await RowMarks.create(device, spec, STEPS, runs)
  rowMarks.prepare(STEPS)
  device.submit((pass) => rowMarks.encode(pass, STEPS))
  const { markWords } = rowMarks
  const found = await device.readWords(rowMarks.marks, STEPS * markWords)
  for (const [step, rowsOfStep] of drawn.entries()) {
    const marked = Array.from({ length: 32 * markWords }, (__, row) => row).filter(
      (row) => ((found[step * markWords + (row >> 5)]! >>> (row & 31)) & 1) === 1,
    )
    const others = rowsOfStep.map((row) => counterpart(spec, row)).filter((row) => row !== undefined)
    expect(marked).toEqual([...new Set([...rowsOfStep, ...others])].toSorted((a, b) => a - b))
  }
  runs.destroy()
  rowMarks.destroy()
})
