import type { FitShape, FitSpec } from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { markRows } from './wgsl.generated.ts'

/** Words of 32 rows that the marks of a step take. */
export function markWordsFor({ interactions }: Pick<FitShape, 'interactions'>): number {
  return Math.ceil((interactions.rows + interactions.columnCount) / 32)
}

/** Which rows each step of a horizon needs, for propagation: wgsl/marks.wgsl. */
export class RowMarks {
  readonly marks: GPUBuffer
  /** Words of 32 rows that a step has. */
  readonly markWords: number
  readonly #device: KernelDevice
  readonly #occurrences: number
  readonly #horizonRuns: GPUBuffer
  readonly #dispatch: Dispatch

  private constructor(
    device: KernelDevice,
    occurrences: number,
    markWords: number,
    marks: GPUBuffer,
    horizonRuns: GPUBuffer,
    dispatch: Dispatch,
  ) {
    this.#device = device
    this.#occurrences = occurrences
    this.markWords = markWords
    this.marks = marks
    this.#horizonRuns = horizonRuns
    this.#dispatch = dispatch
  }

  /** @param horizon steps planned at once, at most */
  static async create(device: KernelDevice, spec: FitSpec, horizon: number, runs: GPUBuffer): Promise<RowMarks> {
    const { interactions, arms, batch, sampler } = spec
    const { rows: users, columnCount: items } = interactions
    const markWords = markWordsFor(spec)
    const kernel = await device.kernel(markRows, {
      markWords,
      hasPairs: arms === undefined || arms.discrepancy.kind === 'none' ? 0 : 1,
      users,
      items,
      usersApart: arms?.users === 'apart' ? 1 : 0,
    })
    return device.allocate('marks of rows', () => {
      const marks = device.storage('marks of rows', horizon * markWords * 4)
      const horizonRuns = device.uniform('marking', markRows.uniforms.horizonRuns, { steps: 0, occurrences: 0 })
      const dispatch = kernel.bind({ runs, marks, horizonRuns }, 0)
      return new RowMarks(device, batch * (sampler.negatives + 2), markWords, marks, horizonRuns, dispatch)
    })
  }

  /** Writes what the next horizon needs; to be called before what `encode` recorded is submitted. */
  prepare(steps: number): void {
    const values = { steps, occurrences: this.#occurrences }
    this.#device.writeUniform(this.#horizonRuns, markRows.uniforms.horizonRuns, values)
  }

  /** Marks the rows of the horizon whose plan has just been encoded. */
  encode(pass: ComputePass, steps: number): void {
    this.#device.encode(pass, this.#dispatch, Math.ceil((steps * this.markWords) / 64))
  }

  destroy(): void {
    this.marks.destroy()
    this.#horizonRuns.destroy()
  }
}
