import type { MemoryLimit } from '@gradrec/engine'

/** What every buffer of a plan may take. */
export function bufferLimit({ limits }: GPUDevice): MemoryLimit {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits
  return {
    bounds: 'part',
    bytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
    reason:
      maxStorageBufferBindingSize <= maxBufferSize
        ? 'this device binds of one buffer (maxStorageBufferBindingSize)'
        : 'this device puts into one buffer (maxBufferSize)',
  }
}

/** What `KernelDevice.storage` makes of a size. */
export function storageBytes(bytes: number): number {
  return Math.max(16, 4 * Math.ceil(bytes / 4))
}
