import { expect, test } from 'vitest'
import { engineAskedFor, openEngine } from '../src/index.ts'

test.each([
  ['auto', {}, undefined],
  ['webgpu', {}, 'webgpu'],
  ['wasm', { threads: 2 }, 'wasm'],
  ['auto', { threads: 1 }, 'wasm'],
  ['auto', { adapter: 'software' }, 'webgpu'],
] as const)('%s with %j asks for %s', (kind, options, expected) => expect(engineAskedFor(kind, options)).toBe(expected))

test.each([
  ['wasm', { adapter: 'nvidia' }, 'adapter "nvidia" is for a GPU and engine wasm for the CPU; leave one of them out'],
  ['webgpu', { threads: 2 }, 'engine webgpu is for a GPU and threads 2 for the CPU; leave one of them out'],
  [
    'auto',
    { adapter: 'software', threads: 2 },
    'adapter "software" is for a GPU and threads 2 for the CPU; leave one of them out',
  ],
] as const)('%s with %j contradicts itself', async (kind, options, message) => {
  await expect(openEngine(kind, options)).rejects.toThrow(message)
})

test('without a GPU, auto is WebAssembly and says why; software adapters do not change that', async () => {
  for (const adapters of [[], [{ kind: 'software' as const }]]) {
    const engine = await openEngine('auto', { adapters })
    expect(engine.name).toBe('wasm')
    expect(engine.device.reason).toMatch(/^no GPU was found: the CPU by WebAssembly SIMD, \d+ threads?$/)
    await engine.close()
  }
})

test('engines asked for are opened', async () => {
  const wasm = await openEngine('wasm', { threads: 1 })
  expect(wasm.name).toBe('wasm')
  await wasm.close()
  const webgpu = await openEngine('webgpu', { adapter: process.env['GRADREC_TEST_ADAPTER'] ?? 'auto' })
  expect(webgpu.name).toBe('webgpu')
  await webgpu.close()
})

test('a listed GPU is taken where it opens, else WebAssembly says what is wrong with it', async () => {
  const engine = await openEngine('auto', { adapters: [{ kind: 'hardware' }] })
  if (process.env['GRADREC_TEST_ADAPTER'] === 'hardware') {
    expect(engine.name).toBe('webgpu')
  } else {
    expect(engine.name).toBe('wasm')
    expect(engine.device.reason).toMatch(
      /^the GPU cannot be used \(no WebGPU adapter fits "hardware"; found .+\): the CPU by/,
    )
  }
  await engine.close()
})
