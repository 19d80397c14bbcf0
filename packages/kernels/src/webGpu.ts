import { DeviceUnavailableError } from '@gradrec/engine'

/**
 * Every kernel writes workgroup memory before it reads it, so Dawn need not clear it first; with SwiftShader the clearing
 * alone made compiling the sorting kernels ten times slower. Timestamps are rounded to 65 µs to protect the users of browsers, longer
 * than most kernels take.
 */
const DAWN_OPTIONS = ['enable-dawn-features=disable_workgroup_init', 'disable-dawn-features=timestamp_quantization']

let opened: Promise<GPU> | undefined

/**
 * The platform's WebGPU: the browser's, or Dawn's Node bindings, loaded on first use and kept for the life of the process
 * (when Dawn's instance is collected while anything still runs, the process aborts).
 */
export function openWebGpu(): Promise<GPU> {
  opened ??= open()
  return opened
}

async function open(): Promise<GPU> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return navigator.gpu
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    return create(DAWN_OPTIONS)
  } catch (cause) {
    throw new DeviceUnavailableError(
      `WebGPU could not be loaded in Node ${cause instanceof Error ? `(${cause.message})` : ''}: ` +
        'the package "webgpu" needs glibc 2.34 or newer on Linux, macOS or Windows',
      { cause },
    )
  }
}
