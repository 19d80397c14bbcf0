import { DeviceUnavailableError, type DeviceInfo, type Engine } from '@gradrec/engine'
import { engineAskedFor, withReason, type EngineKind } from '@gradrec/engines'
import type { AdapterDescription } from '@gradrec/kernels'
import type { Machine } from './machine.ts'

/** What was said about the engine. */
export interface EngineRequest {
  readonly kind: EngineKind
  /** `auto`, `hardware`, `software`, or part of an adapter's name. Default `auto`. */
  readonly adapter?: string
  /** Threads of the WebAssembly engine. */
  readonly threads?: number
}

/** An engine, or the exit code of a process that had one and has done the work. */
export type Opened =
  | { readonly kind: 'engine'; readonly engine: Engine }
  | { readonly kind: 'restarted'; readonly exitCode: number }

export const NO_GPU_REASON = 'no GPU found: software Vulkan (SwiftShader) on the CPU'
const ASKED_REASON = 'asked for by --adapter software: software Vulkan (SwiftShader) on the CPU'

/**
 * Opens the engine that was asked for, or the best there is. Where WebGPU was asked for, no driver offers an adapter, and a
 * software one will do, the command is run again in a process that has one.
 *
 * @throws SpecError for a request that contradicts itself
 * @throws DeviceUnavailableError with what to do about it
 */
export async function openUsableEngine(request: EngineRequest, machine: Machine): Promise<Opened> {
  const { kind, adapter = 'auto', threads } = request
  const options = threads === undefined ? {} : { threads }
  switch (engineAskedFor(kind, { adapter, ...options })) {
    case 'webgpu':
      return openWebGpu(adapter, machine)
    case 'wasm':
      return { kind: 'engine', engine: await machine.openEngine('wasm', options) }
    case undefined:
      return {
        kind: 'engine',
        engine: await machine.openEngine('auto', { adapters: await machine.describeAdapters() }),
      }
  }
}

async function openWebGpu(adapter: string, machine: Machine): Promise<Opened> {
  const adapters = await machine.describeAdapters()
  if (needsSoftwareDriver(adapter, adapters) && !machine.restarted) {
    return { kind: 'restarted', exitCode: await machine.restart(await softwareEnvironment(machine)) }
  }
  if (machine.restarted) {
    if (adapters.length === 0)
      throw new DeviceUnavailableError(
        'the software driver was found but offers no adapter: please report this with your system’s name',
      )
    // The restarted process sees the software driver alone, whatever it was asked for.
    const engine = await machine.openEngine('webgpu', { adapter: 'software' })
    return { kind: 'engine', engine: withReason(engine, adapter === 'software' ? ASKED_REASON : NO_GPU_REASON) }
  }
  refuse(adapter, adapters)
  return { kind: 'engine', engine: await machine.openEngine('webgpu', { adapter }) }
}

/** Whether what is asked for can only come from a software driver that this process does not have. */
export function needsSoftwareDriver(adapter: string, adapters: readonly AdapterDescription[]): boolean {
  if (adapter === 'software') return adapters.every((found) => found.kind !== 'software')
  return adapter === 'auto' && adapters.length === 0
}

async function softwareEnvironment(machine: Machine): Promise<Record<string, string>> {
  try {
    return await machine.softwareEnvironment()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DeviceUnavailableError(
      `no GPU was found, and there is no software driver either: ${why}; install your GPU’s Vulkan driver and run gradrec doctor`,
      { cause },
    )
  }
}

function refuse(adapter: string, adapters: readonly AdapterDescription[]): void {
  const found = adapters.map(({ name, kind }) => `${name} (${kind})`).join(', ')
  if (adapter === 'hardware' && adapters.every(({ kind }) => kind !== 'hardware')) {
    const instead = found === '' ? 'no adapter at all' : `only ${found}`
    throw new DeviceUnavailableError(
      `--adapter hardware: there is no GPU that can be used, ${instead}; install its Vulkan driver, or use --adapter auto`,
    )
  }
  if (adapters.length > 0) return
  throw new DeviceUnavailableError(
    `--adapter ${adapter}: no adapter was found; install a Vulkan driver, or use --adapter software to run on the CPU`,
  )
}

/** One line about an engine's device. */
export function describeDevice(engine: string, device: DeviceInfo): string {
  return `${engine} on ${device.name} (${device.kind}): ${device.reason}`
}
