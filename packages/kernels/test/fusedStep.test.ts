import { stepsPerEpoch, type FitSpec } from '@gradrec/engine'
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
  rowNormalize,
  rowNormalizeBackward,
  scatterAdd,
  tensor,
  WebGpuEngine,
  type Indices,
  type KernelDevice,
} from '../src/index.ts'
import { testDevice, TUNINGS } from './testDevice.ts'

/** Rows of the table that take part in a step, triple by triple. */
async function triplesOf(
  device: KernelDevice,
  spec: FitSpec,
  step: number,
): Promise<{ users: Indices; positives: Indices; negatives: Indices; count: number }> {
  const samples = sampleStep(spec, step)
  const count = samples.negatives.length
  expect(count).toBe(samples.users.length * spec.sampler.negatives)
  const perTriple = (values: ArrayLike<number>, offset: number): Indices => {
    const row = (t: number): number => offset + values[Math.floor((t * values.length) / count)]!
    return indices(
      device,
      Uint32Array.from({ length: count }, (_, t) => row(t)),
    )
  }
  const itemRow = spec.interactions.rows
  return {
    users: perTriple(samples.users, 0),
    positives: perTriple(samples.positives, itemRow),
    negatives: perTriple(samples.negatives, itemRow),
    count,
  }
}

test.each(TUNINGS)(
  'with %s, a fused step is the composition of the ops: sample, gather, bprGradients, scatterAdd, adam',
  async (_, tuning) => {
    const device = await testDevice(tuning)
    const spec = randomSpec({ objective: { kind: 'bpr', l2: 0 } })
    const { dimension, interactions } = spec
    const rows = interactions.rows + interactions.columnCount
    const table = tensor(device, rows, dimension, spec.initialTable)
    const state = adamState(table, ADAM)
    const fit = await new WebGpuEngine(device).fit(spec)
    for (let step = 0; step < stepsPerEpoch(spec) + 1; step++) {
      const { users, positives, negatives, count } = await triplesOf(device, spec, step)
      const gradients = await bprGradients(
        await gather(table, users),
        await gather(table, positives),
        await gather(table, negatives),
        { weight: 1 / count },
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

test.each(TUNINGS)(
  'with %s, so is one with users of length one that records: rowNormalize and back, and scatterAdd of what was scored',
  async (_, tuning) => {
    const device = await testDevice(tuning)
    const random = randomSpec()
    const { dimension, interactions } = random
    const rows = interactions.rows + interactions.columnCount
    // Every third user starts as zeros, scores zero and stays there; item rows are as they come.
    const initialTable = random.initialTable.map((value, at) => {
      const row = Math.floor(at / dimension)
      return row < interactions.rows && row % 3 === 0 ? 0 : value
    })
    const spec = randomSpec({
      initialTable,
      objective: { kind: 'bpr', l2: 0, userNorm: 'unit' },
      recording: 'vector',
    })
    const table = tensor(device, rows, dimension, initialTable)
    const state = adamState(table, ADAM)
    const [recordedPositive, recordedNegative] = [tensor(device, rows, dimension), tensor(device, rows, dimension)]
    const fit = await new WebGpuEngine(device).fit(spec)
    for (let step = 0; step < stepsPerEpoch(spec) + 1; step++) {
      const { users, positives, negatives, count } = await triplesOf(device, spec, step)
      const userRows = await gather(table, users)
      const [unit, positiveRows, negativeRows] = [
        await rowNormalize(userRows),
        await gather(table, positives),
        await gather(table, negatives),
      ]
      const gradients = await bprGradients(unit, positiveRows, negativeRows, { weight: 1 / count })
      await scatterAdd(recordedPositive, positives, unit)
      await scatterAdd(recordedPositive, users, positiveRows)
      await scatterAdd(recordedNegative, negatives, unit)
      await scatterAdd(recordedNegative, users, negativeRows)
      const gradient = tensor(device, rows, dimension)
      await scatterAdd(gradient, users, await rowNormalizeBackward(userRows, gradients.users))
      await scatterAdd(gradient, positives, gradients.positives)
      await scatterAdd(gradient, negatives, gradients.negatives)
      await adam(table, gradient, state, ADAM)

      const report = await fit.steps(1)
      const losses = await readTensor(gradients.losses)
      expectClose([report.lossSum], [losses.reduce((sum, loss) => sum + loss, 0)])
      const found = await fit.read()
      expectClose(found.table, await readTensor(table), { absolute: 5e-6 })
      // The learning rate is the same in all steps, so it can be multiplied in at the end.
      const atRate = async (sums: typeof recordedPositive, rate: number): Promise<Float32Array> =>
        (await readTensor(sums)).map((value) => rate * value)
      expectClose(found.slots['recordedPositive'] ?? [], await atRate(recordedPositive, ADAM.learningRate))
      expectClose(found.slots['recordedNegative'] ?? [], await atRate(recordedNegative, -ADAM.learningRate))
    }
    const { table: trained } = await fit.read()
    expect(trained.subarray(0, dimension).every((value) => value === 0)).toBe(true)
    fit.close()
  },
)
