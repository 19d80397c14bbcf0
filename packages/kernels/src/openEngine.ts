import type { Engine } from '@gradrec/engine'
import { openKernelDevice, type OpenOptions } from './openKernelDevice.ts'
import { WebGpuEngine } from './webGpuEngine.ts'

/** Engines that can be asked for. `auto` takes the best there is; today that is always WebGPU. */
export type EngineKind = 'auto' | 'webgpu'

/**
 * Opens an engine.
 *
 * @throws DeviceUnavailableError when nothing here can run it; the message says what was looked for
 */
export async function openEngine(kind: EngineKind = 'auto', options: OpenOptions = {}): Promise<Engine> {
  switch (kind) {
    case 'auto':
    case 'webgpu':
      return new WebGpuEngine(await openKernelDevice(options))
    default:
      return kind satisfies never
  }
}
