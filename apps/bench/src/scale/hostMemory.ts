import { totalmem } from 'node:os'
import { describeParts, formatBytes, type Engine, type MemoryPlan } from '@gradrec/engine'
import { SCALE_RUN, type ScaleBackbone, type ScaleSize } from './scaleShape.ts'

/** A share of the machine's memory is left to everything else. */
const USABLE = 0.8

/** A run that the engine could hold and this machine cannot. */
export class HostMemoryError extends Error {}

/** Bytes that the process may use: of the machine, or of the container it runs in. */
export function usableMemory(): number {
  const constrained = process.constrainedMemory()
  const total = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
  return USABLE * total
}

/**
 * Refuses a run that would not fit this machine's own memory: data, initial table and what the run's making takes for a while, and
 * what the engine takes if it computes here.
 *
 * @throws HostMemoryError with the sum
 */
export function checkHostMemory(
  engine: Engine,
  backbone: ScaleBackbone,
  { users, items, interactions }: ScaleSize,
  plan: MemoryPlan,
  usable: number = usableMemory(),
): void {
  const parts = [
    ...plan.host,
    { name: 'the interactions', bytes: 4 * (interactions + users + 1) },
    { name: 'the initial table', bytes: 4 * (users + items) * SCALE_RUN.dimension },
    { name: `the ${engine.name} engine’s memory`, bytes: engine.device.kind === 'software' ? plan.bytes : 0 },
  ].toSorted((a, b) => b.bytes - a.bytes)
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  if (bytes <= usable) return
  throw new HostMemoryError(
    `this ${backbone === 'mf' ? 'matrix factorisation' : 'LightGCN'} needs ${formatBytes(bytes)} of this machine, more than the ` +
      `${formatBytes(usable)} that can be used: ${describeParts({ parts, bytes })}`,
  )
}
