import { DeviceUnavailableError, SpecError, type DeviceInfo, type Engine } from '@gradrec/engine'
import { withReason } from './withReason.ts'

/**
 * Engines that can be asked for. `auto` takes a GPU through WebGPU if there is one, else WebAssembly SIMD: drivers that run
 * WGSL on the CPU are several times slower than that, so they are never taken unasked.
 */
export type EngineKind = 'auto' | 'webgpu' | 'wasm'

export interface OpenEngineOptions {
  /**
   * Which WebGPU adapter: `auto`, `hardware`, `software`, or part of its name. Default `auto`; anything else makes `auto`
   * mean WebGPU.
   */
  readonly adapter?: string
  /** Threads of the WebAssembly engine. Default: one a core. Given, it makes `auto` mean WebAssembly. */
  readonly threads?: number
  /** The adapters there are, for callers who have looked already. Default: looked up when it matters. */
  readonly adapters?: readonly { readonly kind: DeviceInfo['kind'] }[]
}

/** The engine that was asked for by name or by an option that only it has; `undefined` where the machine decides. */
export function engineAskedFor(
  kind: EngineKind,
  { adapter = 'auto', threads }: OpenEngineOptions,
): 'webgpu' | 'wasm' | undefined {
  const wantsWebGpu = kind === 'webgpu' || adapter !== 'auto'
  const wantsWasm = kind === 'wasm' || threads !== undefined
  if (wantsWebGpu && wantsWasm) {
    const first = kind === 'webgpu' ? 'engine webgpu' : `adapter "${adapter}"`
    const second = kind === 'wasm' ? 'engine wasm' : `threads ${threads}`
    throw new SpecError(`${first} is for a GPU and ${second} for the CPU; leave one of them out`)
  }
  return wantsWebGpu ? 'webgpu' : wantsWasm ? 'wasm' : undefined
}

/**
 * Opens an engine; its `device.reason` says why this one.
 *
 * @throws SpecError for options that contradict each other
 * @throws DeviceUnavailableError when what was asked for cannot run here; the message says what was looked for
 */
export async function openEngine(kind: EngineKind = 'auto', options: OpenEngineOptions = {}): Promise<Engine> {
  switch (engineAskedFor(kind, options)) {
    case 'webgpu':
      return openWebGpu(options.adapter ?? 'auto')
    case 'wasm':
      return openWasm(options.threads)
    case undefined:
      return openBest(options.adapters)
  }
}

async function openBest(known: OpenEngineOptions['adapters']): Promise<Engine> {
  const adapters = known ?? (await (await import('@gradrec/kernels')).describeAdapters())
  let whyNot = 'no GPU was found'
  if (adapters.some((adapter) => adapter.kind === 'hardware')) {
    try {
      return await openWebGpu('hardware')
    } catch (error) {
      if (!(error instanceof DeviceUnavailableError)) throw error
      whyNot = `the GPU cannot be used (${error.message})`
    }
  }
  const engine = await openWasm(undefined)
  return withReason(engine, `${whyNot}: ${engine.device.reason}`)
}

// Loaded when wanted: neither Dawn nor the WebAssembly binary should be paid for by who uses the other.
async function openWebGpu(adapter: string): Promise<Engine> {
  return (await import('@gradrec/kernels')).openWebGpuEngine({ adapter })
}

async function openWasm(threads: number | undefined): Promise<Engine> {
  return (await import('@gradrec/kernels-wasm')).openWasmEngine(threads === undefined ? {} : { threads })
}
