import type { KernelTime, Profile } from '@gradrec/engine'
import type { LinearMemory } from './linearMemory.ts'
import { phases } from './wasm.generated.ts'

/** What is in no phase: the host's part of a plan, and handing jobs to threads. */
const HOST = 'host'

/**
 * A profile from the sums that assembly/phases.ts keeps; phases that never ran are left out.
 *
 * @param milliseconds of all `steps` together, `jobs` calls into the module
 */
export function readProfile(
  memory: LinearMemory,
  phaseTimes: number,
  steps: number,
  milliseconds: number,
  jobs: number,
): Profile {
  const sums = memory.doubles(phaseTimes, 2 * phases.length)
  const kernels: KernelTime[] = []
  let left = milliseconds
  for (const [phase, kernel] of phases.entries()) {
    const [time = 0, calls = 0] = sums.subarray(2 * phase, 2 * phase + 2)
    left -= time
    if (calls > 0) kernels.push({ kernel, calls, milliseconds: time })
  }
  if (jobs > 0) kernels.push({ kernel: HOST, calls: jobs, milliseconds: Math.max(0, left) })
  return { steps, kernels, clock: 'host' }
}
