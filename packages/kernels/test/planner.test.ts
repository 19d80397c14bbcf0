import { expect, test } from 'vitest'
import { Planner } from '../src/planner.ts'
import { unit } from '@gradrec/parity'
import { testDevice } from './testDevice.ts'

const device = await testDevice()
const UNUSED = 0xffffffff

interface Plan {
  readonly order: number[]
  readonly runs: { row: number; first: number; end: number }[]
  /** How many of the runs are users'. */
  readonly userRuns: number
}

async function planOnDevice(
  keys: Uint32Array,
  steps: number,
  occurrences: number,
  keyCount: number,
  firstItem: number,
): Promise<Plan[]> {
  const buffer = device.upload('keys', keys)
  const planner = await Planner.create(device, buffer, steps, occurrences, keyCount, firstItem)
  planner.prepare(0, steps)
  device.submit((pass) => planner.encode(pass, steps))
  const order = await device.readWords(planner.order, steps * occurrences)
  const runs = await device.readWords(planner.runs, steps * (occurrences + 2) * 4)
  planner.destroy()
  return Array.from({ length: steps }, (_, step) => {
    const base = step * (occurrences + 2) * 4
    const count = runs[base]!
    const entry = (run: number): number => base + 4 * (1 + run)
    return {
      order: [...order.subarray(step * occurrences, (step + 1) * occurrences)],
      runs: Array.from({ length: count }, (__, run) => ({
        row: runs[entry(run)]!,
        first: runs[entry(run) + 1]!,
        end: runs[entry(run + 1) + 1]!,
      })),
      userRuns: runs[base + 1]!,
    }
  })
}

function planOnHost(keys: Uint32Array, firstItem: number): Plan {
  const order = Array.from(keys, (_, place) => place).toSorted((a, b) => keys[a]! - keys[b]! || a - b)
  const runs: Plan['runs'] = []
  for (const [place, occurrence] of order.entries()) {
    const row = keys[occurrence]!
    if (row === UNUSED) break
    const last = runs.at(-1)
    if (last?.row === row) last.end = place + 1
    else runs.push({ row, first: place, end: place + 1 })
  }
  return { order, runs, userRuns: runs.filter(({ row }) => row < firstItem).length }
}

test.each([
  { steps: 1, occurrences: 1, keyCount: 1, firstItem: 0, unused: 0 },
  { steps: 1, occurrences: 3, keyCount: 15, firstItem: 5, unused: 0 },
  { steps: 2, occurrences: 100, keyCount: 16, firstItem: 4, unused: 7 },
  { steps: 3, occurrences: 2047, keyCount: 40_000, firstItem: 9000, unused: 0 },
  { steps: 2, occurrences: 2048, keyCount: 3, firstItem: 3, unused: 0 },
  { steps: 2, occurrences: 2049, keyCount: 300, firstItem: 299, unused: 2 },
  { steps: 1, occurrences: 70_000, keyCount: 1_000_000, firstItem: 80_000, unused: 5000 },
  { steps: 2, occurrences: 50, keyCount: 10, firstItem: 10, unused: 50 },
])('sorts stably and cuts into runs: %j', async ({ steps, occurrences, keyCount, firstItem, unused }) => {
  const keys = Uint32Array.from({ length: steps * occurrences }, (_, n) => {
    // Skewed, so that some keys repeat very often; the last step alone has unused places.
    if (n >= steps * occurrences - unused) return UNUSED
    const draw = unit(n, 5)
    return Math.floor(draw * draw * keyCount)
  })
  const plans = await planOnDevice(keys, steps, occurrences, keyCount, firstItem)
  for (const [step, plan] of plans.entries()) {
    expect(plan).toEqual(planOnHost(keys.subarray(step * occurrences, (step + 1) * occurrences), firstItem))
  }
})
