import { openOracleEngine } from '@gradrec/oracle'
import { describe, expect, it } from 'vitest'
import { openUsableEngine, type EngineRequest } from '../src/engine/openUsableEngine.ts'
import type { Machine } from '../src/engine/machine.ts'
import { run } from '../src/index.ts'
import { oracleMachine, testContext } from './testContext.ts'

type Adapters = Awaited<ReturnType<Machine['describeAdapters']>>

const gpu: Adapters[number] = {
  name: 'Big GPU',
  vendor: 'acme',
  architecture: 'x',
  kind: 'hardware',
  features: [],
  limits: {},
}
const swiftShader: Adapters[number] = { ...gpu, name: 'SwiftShader', kind: 'software' }

/** Writes down what it was asked for. */
function machineWith(adapters: Adapters, change: Partial<Machine> = {}): Machine & { readonly calls: string[] } {
  const calls: string[] = []
  return {
    ...oracleMachine,
    describeAdapters: async () => adapters,
    openEngine: async (kind, { adapter, threads }) => {
      calls.push(['open', kind, adapter, threads].filter((part) => part !== undefined).join(' '))
      return openOracleEngine()
    },
    softwareEnvironment: async () => ({ VK_ICD_FILENAMES: 'there' }),
    restart: async (environment) => {
      calls.push(`restart ${JSON.stringify(environment)}`)
      return 7
    },
    ...change,
    calls,
  }
}

describe('openUsableEngine', () => {
  it.each<[EngineRequest, Adapters, string]>([
    [{ kind: 'auto' }, [gpu], 'open auto'],
    [{ kind: 'auto' }, [], 'open auto'],
    [{ kind: 'auto', threads: 3 }, [gpu], 'open wasm 3'],
    [{ kind: 'wasm' }, [gpu], 'open wasm'],
    [{ kind: 'auto', adapter: 'hardware' }, [gpu, swiftShader], 'open webgpu hardware'],
    [{ kind: 'auto', adapter: 'software' }, [gpu, swiftShader], 'open webgpu software'],
    [{ kind: 'auto', adapter: 'big' }, [gpu], 'open webgpu big'],
    [{ kind: 'webgpu' }, [swiftShader], 'open webgpu auto'],
    [{ kind: 'webgpu' }, [], 'restart {"VK_ICD_FILENAMES":"there"}'],
    [{ kind: 'auto', adapter: 'software' }, [gpu], 'restart {"VK_ICD_FILENAMES":"there"}'],
  ])('%j: %s', async (request, adapters, call) => {
    const machine = machineWith(adapters)
    const opened = await openUsableEngine(request, machine)
    expect(machine.calls).toEqual([call])
    expect(opened.kind).toBe(call.startsWith('restart') ? 'restarted' : 'engine')
  })

  it.each([
    ['auto', 'no GPU found: software Vulkan (SwiftShader) on the CPU'],
    ['software', 'asked for by --adapter software: software Vulkan (SwiftShader) on the CPU'],
  ])('tells why a restarted process computes on the CPU for %s', async (adapter, reason) => {
    const opened = await openUsableEngine({ kind: 'webgpu', adapter }, machineWith([swiftShader], { restarted: true }))
    expect(opened).toMatchObject({ kind: 'engine', engine: { name: 'oracle', device: { reason } } })
  })

  it('restarts once only', async () => {
    const machine = machineWith([], { restarted: true })
    await expect(
      openUsableEngine({ kind: 'webgpu', adapter: 'auto' }, machine),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeviceUnavailableError: the software driver was found but offers no adapter: please report this with your system’s name]`,
    )
    expect(machine.calls).toEqual([])
  })

  it('refuses to fall back from hardware', async () => {
    await expect(
      openUsableEngine({ kind: 'webgpu', adapter: 'hardware' }, machineWith([])),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeviceUnavailableError: --adapter hardware: there is no GPU that can be used, no adapter at all; install its Vulkan driver, or use --adapter auto]`,
    )
    await expect(
      openUsableEngine({ kind: 'webgpu', adapter: 'hardware' }, machineWith([swiftShader])),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeviceUnavailableError: --adapter hardware: there is no GPU that can be used, only SwiftShader (software); install its Vulkan driver, or use --adapter auto]`,
    )
  })

  it('says what to do where there is no software driver', async () => {
    const machine = machineWith([], {
      softwareEnvironment: () => Promise.reject(new Error('it exists for x86-64 Linux only')),
    })
    await expect(
      openUsableEngine({ kind: 'webgpu', adapter: 'auto' }, machine),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeviceUnavailableError: no GPU was found, and there is no software driver either: it exists for x86-64 Linux only; install your GPU’s Vulkan driver and run gradrec doctor]`,
    )
  })
})

describe('gradrec doctor', () => {
  it('shows adapters and what would be used', async () => {
    const context = testContext()
    expect(await run(['doctor'], context)).toBe(0)
    expect(context.out()).toMatch(/^gradrec {3}\d/)
    expect(context.out()).toContain('adapter   Oracle (gradrec), software')
    expect(context.out()).toContain('would use oracle on float64 TypeScript (software): ')
  })

  it('fails with advice where nothing can be used', async () => {
    const problem = 'there is no WebAssembly SIMD: install something newer'
    const machine = machineWith([], { openEngine: () => Promise.reject(new Error(problem)) })
    const context = testContext({ machine })
    expect(await run(['doctor', '--json'], context)).toBe(1)
    expect(JSON.parse(context.out())).toMatchObject({
      usable: false,
      adapters: [],
      problem,
    })
  })
})
