import { openKernelDevice, type OpenOptions } from './openKernelDevice.ts'
import { WebGpuEngine } from './webGpuEngine.ts'

/**
 * Opens the WebGPU engine.
 *
 * @throws DeviceUnavailableError when no adapter fits, or the one that does computes nothing
 */
export async function openWebGpuEngine(options: OpenOptions = {}): Promise<WebGpuEngine> {
  return new WebGpuEngine(await openKernelDevice(options))
}
