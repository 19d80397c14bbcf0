import { formatBytes, interactionShape, largestProblem, LimitError, memoryExcess, MemoryError } from '@gradrec/engine'
import { allVariants, randomInteractions, randomSpec, RUNS } from '@gradrec/parity'
import { afterAll, expect, test } from 'vitest'
import { WasmDevice } from '../src/wasmDevice.ts'
import { WasmEngine } from '../src/wasmEngine.ts'

const device = await WasmDevice.open({ threads: 2 })
const engine = new WasmEngine(device)
afterAll(() => engine.close())

test.each([...RUNS, ...allVariants()])('%s: what is planned is what is taken', async (_, changes) => {
  const spec = randomSpec(changes)
  const before = device.memory.taken
  const plan = engine.memoryPlan(spec)
  const fit = await engine.fit(spec)
  expect(plan.bytes).toBe(device.memory.taken - before)
  fit.close()
  // Closing waits for jobs, of which there are none.
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(device.memory.taken).toBe(before)
})

test('a shape without entries takes what the run does', () => {
  const spec = randomSpec({ backbone: { kind: 'lgn', layers: 2 } })
  const { rows, columnCount, columns } = spec.interactions
  const shape = { ...spec, interactions: interactionShape(rows, columnCount, columns.length) }
  expect(engine.memoryPlan(shape)).toEqual(engine.memoryPlan(spec))
})

test('a run that does not fit is refused with the sum, and takes nothing', async () => {
  const small = await WasmDevice.open({ threads: 1, memoryLimit: 4 << 20 })
  const spec = randomSpec({ interactions: randomInteractions(9000, 100, 9000), dimension: 64 })
  const before = small.memory.taken
  const refusal = await new WasmEngine(small).fit(spec).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(MemoryError)
  expect(refusal).toBeInstanceOf(LimitError)
  const { message, plan, needed, available } = refusal as MemoryError
  expect(needed).toBe(plan.bytes)
  expect(available).toBe(small.memory.largestGap)
  expect(message).toContain(
    `this training run needs ${formatBytes(plan.bytes)}, more than the ${formatBytes(available)} that`,
  )
  // Adam's two moments for 9,100 rows of 64 numbers, and the table itself.
  expect(message).toContain('the optimizer state 4.4 MiB + the embedding table 2.2 MiB + ')
  expect(message).toContain('; use a smaller dimension, or another engine')
  expect(small.memory.taken).toBe(before)
  const items = { rows: 40_000, dimension: 16, values: new Float32Array(40_000 * 16) }
  const user = { rows: 1, dimension: 16, values: new Float32Array(16) }
  await expect(new WasmEngine(small).rank(user, items, { k: 3 })).rejects.toThrow(
    /^this ranking needs 4\.\d MiB, more than the \d\.\d MiB that are left .*: the item vectors 4\.9 MiB/,
  )
  expect(small.memory.taken).toBe(before)
  await new WasmEngine(small).close()
})

test('the largest problem fits, and one interaction more does not', () => {
  const { interactions: _, ...run } = randomSpec({ dimension: 64, batch: 8192 })
  const shapeOf = (interactions: number) => ({
    ...run,
    interactions: interactionShape(Math.ceil(interactions / 50), 10_000, interactions),
  })
  const largest = largestProblem((shape) => engine.memoryPlan(shape), shapeOf)
  expect(memoryExcess(engine.memoryPlan(shapeOf(largest)))).toBeUndefined()
  expect(memoryExcess(engine.memoryPlan(shapeOf(largest + 1)))).toBeDefined()
  // Three numbers of 64 for every fiftieth interaction, and eight bytes for each, in 4 GiB.
  const perInteraction = (3 * 64 * 4) / 50 + 8
  expect(largest * perInteraction).toBeGreaterThan(0.9 * 2 ** 32)
  expect(largest * perInteraction).toBeLessThan(2 ** 32)
})
