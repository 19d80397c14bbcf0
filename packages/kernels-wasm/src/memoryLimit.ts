import { formatBytes, type MemoryLimit } from '@gradrec/engine'
import { MOST_BYTES, type LinearMemory } from './linearMemory.ts'

/** What a plan may take in all: the largest region that is free. */
export function memoryLimit({ limit, largestGap }: LinearMemory): MemoryLimit {
  const whole = limit === MOST_BYTES ? 'WebAssembly reaches with 32-bit addresses' : 'this engine’s memory may grow to'
  const isFree = largestGap > 0.99 * limit
  return {
    bounds: 'total',
    bytes: largestGap,
    reason: isFree ? whole : `are left of the ${formatBytes(limit)} that ${whole}`,
  }
}
