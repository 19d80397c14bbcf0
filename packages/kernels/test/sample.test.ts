import { positivesInStep } from '@gradrec/engine'
import { sampleSuite } from '@gradrec/parity'
import { expect } from 'vitest'
import { TripleSampler } from '../src/tripleSampler.ts'
import { countDigits } from '../src/wgsl.generated.ts'
import { testDevice } from './testDevice.ts'

const device = await testDevice()
const UNUSED = 0xffffffff

sampleSuite(async (spec, firstStep, steps) => {
  const width = spec.sampler.negatives + 2
  const occurrences = spec.batch * width
  const sampler = await TripleSampler.create(device, spec, steps)
  const values = { firstStep, steps, occurrences, tiles: 0, shift: 0, firstItem: 0 }
  const plan = device.uniform('plan', countDigits.uniforms.plan, values)
  sampler.prepare(firstStep, steps)
  device.submit((pass) => sampler.encode(pass, sampler.bind(plan), steps))
  const rows = await device.readWords(sampler.rowsOfStep, steps * occurrences)
  sampler.destroy()
  return Array.from({ length: steps }, (_, step) => {
    const places = rows.subarray(step * occurrences, (step + 1) * occurrences)
    const used = positivesInStep(spec, firstStep + step) * width
    // What a short batch leaves over is marked as such.
    expect(places.subarray(used).every((row) => row === UNUSED)).toBe(true)
    return places.subarray(0, used)
  })
})
