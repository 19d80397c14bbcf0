import { formatBytes, interactionShape, LimitError, memoryExcess, MemoryError } from '@gradrec/engine'
import { allVariants, randomInteractions, randomSpec, randomValues, RUNS } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { WebGpuEngine } from '../src/index.ts'
import { rankMemoryPlan } from '../src/rankMemoryPlan.ts'
import { testDevice } from './testDevice.ts'

// Short chunks, so that small graphs have rows that are cut.
const device = await testDevice({ edgesPerChunk: 6, horizonSteps: 5 })
const engine = new WebGpuEngine(device)

/** Bytes of the storage buffers that are created meanwhile. */
async function bytesTaken(work: () => Promise<unknown>): Promise<number> {
  const create = device.gpu.createBuffer.bind(device.gpu)
  let bytes = 0
  device.gpu.createBuffer = (descriptor) => {
    if ((descriptor.usage & GPUBufferUsage.STORAGE) > 0) bytes += descriptor.size
    return create(descriptor)
  }
  try {
    await work()
    return bytes
  } finally {
    device.gpu.createBuffer = create
  }
}

test.each([...RUNS, ...allVariants()])('%s: what is planned is what is taken', async (_, changes) => {
  const spec = randomSpec(changes)
  const plan = engine.memoryPlan(spec)
  const taken = await bytesTaken(async () => (await engine.fit(spec)).close())
  expect(plan.bytes).toBe(taken)
})

test.each([
  ['mf', { backbone: { kind: 'mf' } }],
  ['lgn', { backbone: { kind: 'lgn', layers: 2 } }],
  ['lgn, self-loops, users drawn', { backbone: { kind: 'lgn', layers: 2, selfLoops: true } }],
] as const)('%s: a shape without entries takes as much, or a little more', (_, changes) => {
  const spec = randomSpec({ ...changes, sampler: { positives: 'user', negatives: 2 } })
  const { rows, columnCount, columns } = spec.interactions
  const shape = { ...spec, interactions: interactionShape(rows, columnCount, columns.length) }
  const [exact, bound] = [engine.memoryPlan(spec).bytes, engine.memoryPlan(shape).bytes]
  expect(bound).toBeGreaterThanOrEqual(exact)
  expect(bound).toBeLessThan(1.2 * exact)
})

test.each([4, 6])('what is planned for rankings of width %i is what they take', async (dimension) => {
  const matrix = (rows: number, width = dimension) => ({
    rows,
    dimension: width,
    values: randomValues(rows * width, rows),
  })
  const exclude = randomInteractions(30, 50, 200)
  const [users, items] = [matrix(30), matrix(50)]
  const corrections = { items: matrix(50, 2), users: [matrix(30, 2), matrix(30, 2)] }
  const ranking = { k: 7, exclude }
  const taken = await bytesTaken(() => engine.rank(users, items, ranking))
  expect(rankMemoryPlan(device, users, items, ranking).bytes).toBe(taken)
  const ofVariants = await bytesTaken(() => engine.rankVariants(users, items, corrections, { k: 7 }))
  expect(rankMemoryPlan(device, users, items, { k: 7 }, corrections).bytes).toBe(ofVariants)
})

test('a run with a buffer beyond the device’s limit is refused, shows the sum and takes nothing', async () => {
  const { maxStorageBufferBindingSize } = device.gpu.limits
  const dimension = 512
  const rows = Math.ceil(maxStorageBufferBindingSize / (4 * dimension)) + 1
  const shape = { ...randomSpec(), dimension, interactions: interactionShape(rows - 100, 100, 1000) }
  const excess = memoryExcess(engine.memoryPlan(shape))
  // Adam's two moments lie in one buffer.
  expect(excess?.part?.name).toBe('the optimizer state')
  expect(excess?.needed).toBe(2 * 4 * rows * dimension)
  expect(
    memoryExcess(engine.memoryPlan({ ...shape, optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 } })),
  ).toMatchObject({
    part: { name: 'the embedding table' },
  })

  const small = new WebGpuEngine(
    Object.create(device, {
      gpu: {
        value: Object.create(device.gpu, {
          limits: { value: { maxStorageBufferBindingSize: 65_536, maxBufferSize: 65_536 } },
        }),
      },
    }) as typeof device,
  )
  const spec = randomSpec({ interactions: randomInteractions(300, 100, 900), dimension: 64 })
  let refusal: unknown
  const taken = await bytesTaken(async () => {
    refusal = await small.fit(spec).catch((error: unknown) => error)
  })
  expect(taken).toBe(0)
  expect(refusal).toBeInstanceOf(MemoryError)
  expect(refusal).toBeInstanceOf(LimitError)
  expect(refusal).toMatchObject({ code: 'E_LIMIT', needed: 2 * 400 * 64 * 4, available: 65_536 })
  const { message, plan } = refusal as MemoryError
  expect(message).toMatch(
    /^this training run needs 200 KiB for the optimizer state, more than the 64 KiB that this device binds of one buffer \(maxStorageBufferBindingSize\): in all the optimizer state 200 KiB \+ the embedding table 100 KiB \+ the gradient 100 KiB \+ /,
  )
  expect(message).toContain(`= ${formatBytes(plan.bytes)}; use a smaller dimension, or another engine`)

  const items = { rows: 300, dimension: 64, values: new Float32Array(300 * 64) }
  await expect(small.rank({ ...items, rows: 1, values: new Float32Array(64) }, items, { k: 3 })).rejects.toThrow(
    'this ranking needs 75 KiB for the item vectors, more than the 64 KiB that this device binds of one buffer',
  )
})
