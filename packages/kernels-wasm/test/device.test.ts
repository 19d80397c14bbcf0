import { DeviceLostError, DeviceUnavailableError, LimitError, SpecError } from '@gradrec/engine'
import { randomInteractions, randomSpec } from '@gradrec/parity'
import { afterEach, expect, test, vi } from 'vitest'
import { openWasmEngine } from '../src/index.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('says what it runs on', async () => {
  const engine = await openWasmEngine({ threads: 2 })
  expect(engine.name).toBe('wasm')
  expect(engine.threads).toBe(2)
  expect(engine.device).toMatchObject({
    kind: 'software',
    architecture: 'wasm32 simd128',
    reason: 'the CPU by WebAssembly SIMD, 2 threads',
  })
  expect(engine.device.name).not.toBe('')
  await engine.close()
})

test('works in the caller’s thread where memory cannot be shared', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined)
  const engine = await openWasmEngine()
  expect(engine.threads).toBe(1)
  expect(engine.device.reason).toMatch(/the caller's own, without shared memory$/)
  const fit = await engine.fit(randomSpec())
  expect((await fit.steps(3)).steps).toBe(3)
  await expect(openWasmEngine({ run: 'workers' })).rejects.toThrow(DeviceUnavailableError)
  await engine.close()
})

test.each([
  [{ threads: 0 }, 'threads is 0; expected a whole number from 1 to 256'],
  [{ threads: 1.5 }, 'threads is 1.5; expected a whole number from 1 to 256'],
  [{ threads: 2, run: 'caller' }, 'threads is 2 and run is "caller", which is one thread; leave one of them out'],
  [{ memoryLimit: 1000 }, 'memoryLimit is 1000; expected a whole number of bytes from 1048576 to 4294901760'],
] as const)('refuses %j', async (options, message) => {
  const opening = openWasmEngine(options)
  await expect(opening).rejects.toThrow(SpecError)
  await expect(opening).rejects.toThrow(message)
})

test('a run that does not fit is refused with both numbers, and what was there goes on', async () => {
  const engine = await openWasmEngine({ threads: 1, memoryLimit: 4 * 2 ** 20 })
  const small = await engine.fit(randomSpec())
  const large = randomSpec({ interactions: randomInteractions(9000, 100, 9000), dimension: 64 })
  const refusal = await engine.fit(large).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(LimitError)
  const { needed, available, message } = refusal as LimitError
  // Table, m and v alone take 7 MB.
  expect(needed).toBeGreaterThan(3 * 9100 * 64 * 4)
  expect(available).toBeLessThan(4 * 2 ** 20)
  expect(message).toMatch(
    /^this training run needs \d+(\.\d)? MiB, more than the \d+(\.\d)? MiB that are left of the 4\.0 MiB that this engine’s memory may grow to: /,
  )
  expect((await small.steps(2)).steps).toBe(2)
  await engine.close()
})

test('memory of closed runs is used again', async () => {
  // Room for one run, not for two.
  const engine = await openWasmEngine({ threads: 1, memoryLimit: 8 * 2 ** 20 })
  const spec = randomSpec({ interactions: randomInteractions(3000, 1000, 5000), dimension: 64 })
  for (let round = 0; round < 5; round++) {
    const fit = await engine.fit(spec)
    await fit.steps(2)
    fit.close()
    await engine.rank(
      { rows: 1, dimension: 4, values: new Float32Array(4) },
      { rows: 1, dimension: 4, values: new Float32Array(4) },
      { k: 1 },
    )
  }
  await engine.close()
})

test('what is read is the caller’s own', async () => {
  const engine = await openWasmEngine({ threads: 2 })
  const fit = await engine.fit(randomSpec())
  const before = await fit.read()
  expect(before.table.buffer).toBeInstanceOf(ArrayBuffer)
  const copy = before.table.slice()
  const { users } = await fit.embeddings()
  await fit.steps(1)
  expect(before.table).toEqual(copy)
  expect(users.values).toEqual(copy.subarray(0, users.values.length))
  await engine.close()
})

test('a closed run is refused, also in the middle of its steps', async () => {
  const engine = await openWasmEngine({ threads: 2 })
  const fit = await engine.fit(randomSpec())
  const stepping = fit.steps(1_000_000)
  fit.close()
  await expect(stepping).rejects.toThrow('this training run was closed; start a new one')
  await expect(fit.steps(1)).rejects.toThrow(DeviceLostError)
  const other = await engine.fit(randomSpec())
  expect((await other.steps(2)).steps).toBe(2)
  await engine.close()
})

test('a closed engine is refused, also in the middle of work', async () => {
  const engine = await openWasmEngine({ threads: 2 })
  const fit = await engine.fit(randomSpec())
  const stepping = fit.steps(1_000_000)
  const refused = expect(stepping).rejects.toThrow(/the engine was closed; open a new one/)
  await engine.close()
  await refused
  await expect(fit.steps(1)).rejects.toThrow(DeviceLostError)
})

test('runs side by side do not disturb each other', async () => {
  const engine = await openWasmEngine({ threads: 2 })
  const specs = [randomSpec(), randomSpec({ backbone: { kind: 'lgn', layers: 2 } })]
  const alone = []
  for (const spec of specs) {
    const fit = await engine.fit(spec)
    await fit.steps(30)
    alone.push(await fit.read())
    fit.close()
  }
  const together = await Promise.all(
    specs.map(async (spec) => {
      const fit = await engine.fit(spec)
      for (let n = 0; n < 6; n++) await fit.steps(5)
      return fit.read()
    }),
  )
  expect(together).toEqual(alone)
  await engine.close()
})

test.each(['workers', 'caller'] as const)('the caller’s thread stays responsive: %s', async (run) => {
  const engine = await openWasmEngine({ run })
  const fit = await engine.fit(
    randomSpec({ dimension: 256, batch: 300, interactions: randomInteractions(600, 400, 4000) }),
  )
  await fit.steps(fit.stepsAtOnce)
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  const begin = performance.now()
  while (performance.now() - begin < 400) await fit.steps(50)
  clearInterval(timer)
  // A thread that was never let go would have had none; busy machines let fewer through than eighty.
  expect(ticks).toBeGreaterThan(3)
  await engine.close()
})
