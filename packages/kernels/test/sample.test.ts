import { positivesInStep, stepsPerEpoch, type FitSpec } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { TripleSampler } from '../src/tripleSampler.ts'
import { countDigits } from '../src/wgsl.generated.ts'
import { randomInteractions, randomSpec } from '@gradrec/parity'
import { testDevice } from './testDevice.ts'

const device = await testDevice()

/** Rows of `steps` steps from the device: [step][place]. */
async function sampleOnDevice(spec: FitSpec, firstStep: number, steps: number): Promise<Uint32Array[]> {
  const occurrences = spec.batch * (spec.sampler.negatives + 2)
  const sampler = await TripleSampler.create(device, spec, steps)
  const values = { firstStep, steps, occurrences, tiles: 0, shift: 0 }
  const plan = device.uniform('plan', countDigits.uniforms.plan, values)
  device.submit((pass) => sampler.encode(pass, sampler.bind(plan), steps))
  const rows = await device.readWords(sampler.rowsOfStep, steps * occurrences)
  sampler.destroy()
  return Array.from({ length: steps }, (_, step) => rows.subarray(step * occurrences, (step + 1) * occurrences))
}

function sampleInOracle(spec: FitSpec, step: number): number[] {
  const { users, positives, negatives } = sampleStep(spec, step)
  const k = spec.sampler.negatives
  const itemRow = spec.interactions.rows
  const rows = Array.from({ length: spec.batch * (k + 2) }, () => 0xffffffff)
  for (let slot = 0; slot < positivesInStep(spec, step); slot++) {
    rows[slot * (k + 2)] = users[slot]!
    rows[slot * (k + 2) + 1] = itemRow + positives[slot]!
    for (let n = 0; n < k; n++) rows[slot * (k + 2) + 2 + n] = itemRow + negatives[slot * k + n]!
  }
  return rows
}

test.each([
  ['one positive', { batch: 1, sampler: { positives: 'interaction', negatives: 1 } }],
  ['a short last batch', { batch: 77, sampler: { positives: 'interaction', negatives: 3 } }],
  ['the whole data as one batch', { batch: randomInteractions(60, 45, 500).columns.length, seed: 0 }],
  ['many negatives', { batch: 20, sampler: { positives: 'interaction', negatives: 64 } }],
  ['users without replacement', { batch: 33, sampler: { positives: 'user', negatives: 2 } }],
  ['more slots than users', { batch: 200, sampler: { positives: 'user', negatives: 2 } }],
  ['the largest seed', { seed: Number.MAX_SAFE_INTEGER }],
  ['two items only', { interactions: randomInteractions(9, 2, 30), batch: 4 }],
] as const)('draws the same triples as the oracle, bit for bit: %s', async (_, changes) => {
  const spec = randomSpec(changes)
  const first = stepsPerEpoch(spec) - 1
  const sampled = await sampleOnDevice(spec, first, 3)
  for (const [index, rows] of sampled.entries()) expect([...rows]).toEqual(sampleInOracle(spec, first + index))
})

test('does not depend on how steps are grouped', async () => {
  const spec = randomSpec()
  const together = await sampleOnDevice(spec, 4, 3)
  const alone = await sampleOnDevice(spec, 6, 1)
  expect(alone[0]).toEqual(together[2])
})
