import { DeviceUnavailableError, philox4x32, type DeviceInfo } from '@gradrec/engine'
import { chooseAdapter, type AdapterChoice } from './adapter.ts'
import { KernelDevice } from './kernelDevice.ts'
import type { Tuning } from './tuning.ts'
import { selfTest } from './wgsl.generated.ts'

export interface OpenOptions {
  /** Default `auto`: hardware before software. */
  readonly adapter?: AdapterChoice
  readonly tuning?: Partial<Tuning>
}

/** Limits that are asked for as high as the adapter goes; everything else stays at WebGPU's guaranteed minimum. */
const WANTED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const

/** Taken where there are; nothing but profiles needs them. */
const WANTED_FEATURES = ['timestamp-query'] as const

/**
 * Opens a device and proves that it computes before anything relies on it.
 *
 * @throws DeviceUnavailableError when no adapter fits, or the one that does accepts work without doing it
 */
export async function openKernelDevice(options: OpenOptions = {}): Promise<KernelDevice> {
  const { adapter, info } = await chooseAdapter(options.adapter ?? 'auto')
  return kernelDeviceOf(adapter, info, options.tuning)
}

/** Opens a device on an adapter already chosen; the same proof and errors as `openKernelDevice`. */
export async function kernelDeviceOf(
  adapter: GPUAdapter,
  info: DeviceInfo,
  tuning?: Partial<Tuning>,
): Promise<KernelDevice> {
  const requiredLimits: Record<string, number> = {}
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name]
  const requiredFeatures = WANTED_FEATURES.filter((feature) => adapter.features.has(feature))
  let gpu: GPUDevice
  try {
    gpu = await adapter.requestDevice({ label: 'gradrec', requiredLimits, requiredFeatures })
  } catch (cause) {
    throw new DeviceUnavailableError(`${info.name} was found but could not be opened: ${String(cause)}`, { cause })
  }
  const device = new KernelDevice(gpu, info, tuning)
  try {
    await proveThatItComputes(device)
  } catch (error) {
    await device.close()
    throw error
  }
  return device
}

/** Dawn's null backend, for one, accepts every call and computes nothing: results read back as zeros. */
async function proveThatItComputes(device: KernelDevice): Promise<void> {
  const count = 64
  const words = device.storage('self-test', count * 16)
  const kernel = await device.kernel(selfTest, {})
  const dispatch = kernel.bind({ words }, 1)
  device.submit((pass) => device.encode(pass, dispatch))
  const computed = await device.readWords(words, count * 4)
  words.destroy()
  for (let id = 0; id < count; id++) {
    const expected = philox4x32([id, 1, 2, 3], [4, 5])
    if (expected.every((word, w) => word === computed[id * 4 + w])) continue
    throw new DeviceUnavailableError(
      `${device.info.name} accepts work but does not compute it: a test kernel returned ${computed[id * 4]} instead of ${expected[0]}; ` +
        'choose another adapter',
    )
  }
}
