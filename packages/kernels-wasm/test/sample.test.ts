import { randomInteractions, randomSpec } from '@gradrec/parity'
import { stepsPerEpoch, type FitSpec } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { afterAll, expect, test } from 'vitest'
import { WasmDevice } from '../src/wasmDevice.ts'
import { WasmFit } from '../src/wasmFit.ts'

const device = await WasmDevice.open({ threads: 2 })
afterAll(() => device.close())

/** Rows of `count` steps from step `first` on. */
async function planned(spec: FitSpec, first: number, count: number): Promise<Uint32Array[]> {
  const fit = new WasmFit(device, spec)
  const state = await fit.read()
  await fit.restore({ ...state, step: first })
  await fit.plan(count)
  const rows = Array.from({ length: count }, (_, index) => fit.plannedRows(index))
  fit.close()
  return rows
}

function sampledInOracle(spec: FitSpec, step: number): number[] {
  const { users, positives, negatives } = sampleStep(spec, step)
  const k = spec.sampler.negatives
  const itemRow = spec.interactions.rows
  return [...users].flatMap((user, slot) => [
    user,
    itemRow + positives[slot]!,
    ...Array.from({ length: k }, (_, n) => itemRow + negatives[slot * k + n]!),
  ])
}

test.each([
  ['one positive', { batch: 1, sampler: { positives: 'interaction', negatives: 1 } }],
  ['a short last batch', { batch: 77, sampler: { positives: 'interaction', negatives: 3 } }],
  ['four negatives at once', { batch: 77, sampler: { positives: 'interaction', negatives: 4 } }],
  ['the whole data as one batch', { batch: randomInteractions(60, 45, 500).columns.length, seed: 0 }],
  ['many negatives', { batch: 20, sampler: { positives: 'interaction', negatives: 63 } }],
  ['users without replacement', { batch: 33, sampler: { positives: 'user', negatives: 5 } }],
  ['more slots than users', { batch: 200, sampler: { positives: 'user', negatives: 2 } }],
  ['the largest seed', { seed: Number.MAX_SAFE_INTEGER }],
  ['two items only', { interactions: randomInteractions(9, 2, 30), batch: 4 }],
] as const)('draws the same triples as the oracle, bit for bit: %s', async (_, changes) => {
  const spec = randomSpec(changes)
  const first = stepsPerEpoch(spec) - 1
  const sampled = await planned(spec, first, 3)
  for (const [index, rows] of sampled.entries()) expect([...rows]).toEqual(sampledInOracle(spec, first + index))
})

test('does not depend on how steps are grouped', async () => {
  const spec = randomSpec()
  const together = await planned(spec, 4, 3)
  const alone = await planned(spec, 6, 1)
  expect(alone[0]).toEqual(together[2])
})
