import { stepsPerEpoch } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { ADAM, expectClose, randomSpec } from '@gradrec/parity'
import { expect, test } from 'vitest'
import {
  adam,
  adamState,
  bprGradients,
  gather,
  indices,
  readTensor,
  scatterAdd,
  tensor,
  WebGpuEngine,
} from '../src/index.ts'
import { testDevice, TUNINGS } from './testDevice.ts'

test.each(TUNINGS)(
  'with %s, a fused step is the composition of the ops: sample, gather, bprGradients, scatterAdd, adam',
  async (_, tuning) => {
    const device = await testDevice(tuning)
    const spec = randomSpec({ objective: { kind: 'bpr', l2: 0 } })
    const { dimension, interactions, sampler } = spec
    const rows = interactions.rows + interactions.columnCount
    const table = tensor(device, rows, dimension, spec.initialTable)
    const state = adamState(table, ADAM)
    const fit = await new WebGpuEngine(device).fit(spec)
    for (let step = 0; step < stepsPerEpoch(spec) + 1; step++) {
      const samples = sampleStep(spec, step)
      const triples = samples.negatives.length
      const perTriple = (values: ArrayLike<number>, offset: number): Uint32Array =>
        Uint32Array.from({ length: triples }, (__, t) => offset + values[Math.floor((t * values.length) / triples)]!)
      const users = indices(device, perTriple(samples.users, 0))
      const positives = indices(device, perTriple(samples.positives, interactions.rows))
      const negatives = indices(device, perTriple(samples.negatives, interactions.rows))
      expect(triples).toBe(samples.users.length * sampler.negatives)

      const gradients = await bprGradients(
        await gather(table, users),
        await gather(table, positives),
        await gather(table, negatives),
        { weight: 1 / triples },
      )
      const gradient = tensor(device, rows, dimension)
      await scatterAdd(gradient, users, gradients.users)
      await scatterAdd(gradient, positives, gradients.positives)
      await scatterAdd(gradient, negatives, gradients.negatives)
      await adam(table, gradient, state, ADAM)

      const report = await fit.steps(1)
      const losses = await readTensor(gradients.losses)
      expectClose([report.lossSum], [losses.reduce((sum, loss) => sum + loss, 0)])
      expectClose((await fit.read()).table, await readTensor(table), { absolute: 5e-6 })
    }
    fit.close()
  },
)
