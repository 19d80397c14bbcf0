import type { Fit } from './fit.ts'

/** Where the time of some steps went: one kernel, or one phase of a step, summed over its calls. */
export interface KernelTime {
  /** Its name in the engine: a `.wgsl` file's, or a phase of the WebAssembly engine's step. */
  readonly kernel: string
  readonly calls: number
  readonly milliseconds: number
}

/** What a profile of some steps found. */
export interface Profile {
  readonly steps: number
  /** In the order in which a step runs them. */
  readonly kernels: readonly KernelTime[]
  /**
   * Whose clock it was: the device's own, or the host's, which counts waiting for the device and for other threads as well. Kernels on a
   * GPU run one by one for this, so that their sum is more than the same steps take unprofiled.
   */
  readonly clock: 'device' | 'host'
}

/** A training run that can say where its time goes. */
export interface ProfiledFit extends Fit {
  /** Trains `count` steps as `steps` does, to the same bits, and times every kernel. */
  profile(count: number): Promise<Profile>
}

export function canProfile(fit: Fit): fit is ProfiledFit {
  return typeof (fit as Partial<ProfiledFit>).profile === 'function'
}
