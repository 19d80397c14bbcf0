import type { StepCounts } from '../stepCounts.ts'
import type { Work } from '../work.ts'
import { WASM_KERNELS } from './wasmKernels.ts'
import { WEBGPU_KERNELS } from './webGpuKernels.ts'

/** What profiles name that is no kernel: the host's part of a plan, and handing work to threads. */
const HOST_PHASES: readonly string[] = ['host']

/**
 * What a kernel has to do in one step, or undefined for a phase of the host's.
 *
 * @throws RangeError for a kernel that nobody has written a model for
 */
export function workOf(engineName: string, kernel: string, counts: StepCounts): Work | undefined {
  const models = engineName === 'wasm' ? WASM_KERNELS : WEBGPU_KERNELS
  const model = Object.hasOwn(models, kernel) ? models[kernel] : undefined
  if (model !== undefined) return model(counts)
  if (HOST_PHASES.includes(kernel)) return undefined
  throw new RangeError(
    `${kernel} of the engine ${engineName} has no model: write one in apps/bench/src/roofline/models`,
  )
}
