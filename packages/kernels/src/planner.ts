import type { ComputePass } from './computePass.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { countDigits, countRuns, scanCounts, scatterKeys, writeRuns } from './wgsl.generated.ts'

/** Keys sorted by one workgroup; TILE in wgsl/plan.wgsl. */
const TILE = 2048
const DIGIT_BITS = 4
const DIGITS = 1 << DIGIT_BITS

/** Bytes of a planner's buffers; of keys and of their order there are two each. */
export function plannerSizes(
  steps: number,
  occurrences: number,
): Readonly<Record<'keys' | 'order' | 'counts' | 'runs', number>> {
  const places = steps * occurrences * 4
  return {
    keys: places,
    order: places,
    counts: steps * (DIGITS * Math.ceil(occurrences / TILE) + 1) * 4,
    runs: steps * (occurrences + 2) * 16,
  }
}

/**
 * Sorts the keys of every step of a horizon and cuts them into runs of equal keys, all steps at once: a stable radix sort, so
 * that within a run occurrences keep their order, which fixes the order of every sum.
 */
export class Planner {
  /** [step][run]: see kernels/writeRuns.wgsl. */
  readonly runs: GPUBuffer
  /** [step][place]: the sorted place's occurrence. */
  readonly order: GPUBuffer
  /** Uniform `plan` as kernels outside the sort see it. */
  readonly planUniform: GPUBuffer
  readonly #device: KernelDevice
  readonly #occurrences: number
  readonly #tiles: number
  readonly #firstItem: number
  readonly #buffers: GPUBuffer[]
  readonly #planUniforms: GPUBuffer[]
  readonly #scanUniforms: readonly [GPUBuffer, GPUBuffer]
  readonly #dispatches: readonly { readonly dispatch: Dispatch; readonly perStep: number }[]

  private constructor(
    device: KernelDevice,
    occurrences: number,
    tiles: number,
    firstItem: number,
    results: { readonly runs: GPUBuffer; readonly order: GPUBuffer },
    buffers: GPUBuffer[],
    planUniforms: GPUBuffer[],
    scanUniforms: readonly [GPUBuffer, GPUBuffer],
    dispatches: readonly { readonly dispatch: Dispatch; readonly perStep: number }[],
  ) {
    this.#device = device
    this.#occurrences = occurrences
    this.#tiles = tiles
    this.#firstItem = firstItem
    this.runs = results.runs
    this.order = results.order
    this.#buffers = buffers
    this.#planUniforms = planUniforms
    this.planUniform = planUniforms[0] as GPUBuffer
    this.#scanUniforms = scanUniforms
    this.#dispatches = dispatches
  }

  /**
   * @param keys [steps][occurrences] row numbers, or 0xffffffff for a place that is not used
   * @param keyCount all used keys are below it
   * @param firstItem keys from here on are items', those below users', whose runs are counted apart. Default 0
   */
  static async create(
    device: KernelDevice,
    keys: GPUBuffer,
    steps: number,
    occurrences: number,
    keyCount: number,
    firstItem = 0,
  ): Promise<Planner> {
    const tiles = Math.ceil(occurrences / TILE)
    const kernels = await Promise.all([
      device.kernel(countDigits, {}),
      device.kernel(scanCounts, {}),
      device.kernel(scatterKeys, { isFirstPass: 1 }),
      device.kernel(scatterKeys, { isFirstPass: 0 }),
      device.kernel(countRuns, {}),
      device.kernel(writeRuns, {}),
    ])
    const [countKernel, scanKernel, scatterFirst, scatterNext, countRunsKernel, writeRunsKernel] = kernels
    // A used key must differ from the unused one in the digits that are looked at.
    let passes = 1
    while (2 ** (DIGIT_BITS * passes) - 1 < keyCount) passes++

    return device.allocate('the sorted plan of a horizon', () => {
      const sizes = plannerSizes(steps, occurrences)
      const sorted = [device.storage('sorted keys', sizes.keys), device.storage('sorted keys', sizes.keys)] as const
      const orders = [device.storage('sorted order', sizes.order), device.storage('sorted order', sizes.order)] as const
      const counts = device.storage('digit counts', sizes.counts)
      const runs = device.storage('runs', sizes.runs)
      const uniform = (): GPUBuffer =>
        device.uniform('plan', countDigits.uniforms.plan, {
          firstStep: 0,
          steps: 0,
          occurrences: 0,
          tiles: 0,
          shift: 0,
          firstItem,
        })
      const planUniforms = Array.from({ length: passes }, uniform)
      const scanUniforms = [0, 1].map(() => device.uniform('scan', scanCounts.uniforms.scan, { steps: 0, entries: 0 }))
      const [scanDigits, scanRuns] = scanUniforms as [GPUBuffer, GPUBuffer]

      const dispatches: { dispatch: Dispatch; perStep: number }[] = []
      let keysIn = keys
      let last = 0
      for (const [pass, plan] of planUniforms.entries()) {
        const out = pass % 2 === 0 ? 0 : 1
        const orderIn = orders[1 - out] as GPUBuffer
        const keysOut = sorted[out]
        const orderOut = orders[out]
        const scatter = pass === 0 ? scatterFirst : scatterNext
        dispatches.push(
          { dispatch: countKernel.bind({ keysIn, counts, plan }, 0), perStep: tiles },
          { dispatch: scanKernel.bind({ counts, scan: scanDigits }, 0), perStep: 1 },
          { dispatch: scatter.bind({ keysIn, orderIn, counts, keysOut, orderOut, plan }, 0), perStep: tiles },
        )
        keysIn = keysOut
        last = out
      }
      const plan = planUniforms[0] as GPUBuffer
      dispatches.push(
        { dispatch: countRunsKernel.bind({ keys: keysIn, counts, plan }, 0), perStep: tiles },
        { dispatch: scanKernel.bind({ counts, scan: scanRuns }, 0), perStep: 1 },
        { dispatch: writeRunsKernel.bind({ keys: keysIn, counts, runs, plan }, 0), perStep: tiles },
      )
      return new Planner(
        device,
        occurrences,
        tiles,
        firstItem,
        { runs, order: orders[last] as GPUBuffer },
        [...sorted, ...orders, counts, runs, ...planUniforms, ...scanUniforms],
        planUniforms,
        [scanDigits, scanRuns],
        dispatches,
      )
    })
  }

  /** Writes the uniforms of the next horizon; to be called before what `encode` recorded is submitted. */
  prepare(firstStep: number, steps: number): void {
    for (const [pass, buffer] of this.#planUniforms.entries()) {
      this.#device.writeUniform(buffer, countDigits.uniforms.plan, {
        firstStep,
        steps,
        occurrences: this.#occurrences,
        tiles: this.#tiles,
        shift: pass * DIGIT_BITS,
        firstItem: this.#firstItem,
      })
    }
    const entries = [DIGITS * this.#tiles, this.#tiles]
    for (const [index, buffer] of this.#scanUniforms.entries()) {
      this.#device.writeUniform(buffer, scanCounts.uniforms.scan, { steps, entries: entries[index] as number })
    }
  }

  encode(pass: ComputePass, steps: number): void {
    for (const { dispatch, perStep } of this.#dispatches) this.#device.encode(pass, dispatch, steps * perStep)
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy()
  }
}
