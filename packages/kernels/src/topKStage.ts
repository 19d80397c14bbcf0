import { LONGEST_LIST, NO_ITEM, SpecError, type Csr, type Ranking } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { topk } from './wgsl.generated.ts'

/** Exact top-k of a buffer of scores, a block of rows at a time: see kernels/topk.wgsl. */
export class TopKStage {
  readonly #device: KernelDevice
  readonly #items: number
  readonly #k: number
  readonly #dispatch: Dispatch
  readonly #uniform: GPUBuffer
  readonly #topItems: GPUBuffer
  readonly #topScores: GPUBuffer
  readonly #exclude: readonly GPUBuffer[]
  readonly #hasExclude: boolean

  private constructor(
    device: KernelDevice,
    shape: { readonly items: number; readonly k: number },
    dispatch: Dispatch,
    buffers: { readonly uniform: GPUBuffer; readonly topItems: GPUBuffer; readonly topScores: GPUBuffer },
    exclude: readonly GPUBuffer[],
    hasExclude: boolean,
  ) {
    this.#device = device
    this.#items = shape.items
    this.#k = shape.k
    this.#dispatch = dispatch
    this.#uniform = buffers.uniform
    this.#topItems = buffers.topItems
    this.#topScores = buffers.topScores
    this.#exclude = exclude
    this.#hasExclude = hasExclude
  }

  /**
   * @param scores blockRows × items; overwritten by each run
   * @param exclude rows of the whole, of which a block is a part
   */
  static async create(
    device: KernelDevice,
    scores: GPUBuffer,
    blockRows: number,
    items: number,
    k: number,
    exclude: Csr | undefined,
  ): Promise<TopKStage> {
    if (!Number.isInteger(k) || k < 1 || k > LONGEST_LIST) {
      throw new SpecError(`k is ${k}; expected a whole number from 1 to ${LONGEST_LIST}`)
    }
    const kernel = await device.kernel(topk, { k, workgroupSize: device.tuning.workgroupSize })
    return device.allocate('the top items of a block of users', () => {
      const topItems = device.storage('top items', blockRows * k * 4)
      const topScores = device.storage('top scores', blockRows * k * 4)
      const uniform = device.uniform('top-k', topk.uniforms.topk, { rows: 0, items, firstRow: 0, hasExclude: 0 })
      const excludePointer = device.upload('row pointers of excluded items', exclude?.rowPointer ?? new Uint32Array(1))
      const excludeColumns = device.upload('excluded items', exclude?.columns ?? new Uint32Array(1))
      const dispatch = kernel.bind({ scores, excludePointer, excludeColumns, topItems, topScores, topk: uniform }, 0)
      return new TopKStage(
        device,
        { items, k },
        dispatch,
        { uniform, topItems, topScores },
        [excludePointer, excludeColumns],
        exclude !== undefined,
      )
    })
  }

  /**
   * Ranks the block's first `rows` rows. All of it is submitted before the promise is returned, so that the next block may be before this
   * one's lists are there.
   *
   * @param firstRow number of the block's first row in the whole
   * @param record encodes whatever fills the scores
   */
  async run(firstRow: number, rows: number, record: (encoder: GPUCommandEncoder) => void): Promise<Ranking> {
    const device = this.#device
    const k = this.#k
    const hasExclude = this.#hasExclude ? 1 : 0
    device.writeUniform(this.#uniform, topk.uniforms.topk, { rows, items: this.#items, firstRow, hasExclude })
    device.submitCommands((encoder) => {
      record(encoder)
      const pass = encoder.beginComputePass()
      device.encode(pass, this.#dispatch, rows)
      pass.end()
    })
    const [items, scores] = await Promise.all([
      device.readWords(this.#topItems, rows * k),
      device.readFloats(this.#topScores, rows * k),
    ])
    for (const [place, item] of items.entries()) if (item === NO_ITEM) scores[place] = -Infinity
    return { k, items, scores }
  }

  destroy(): void {
    for (const buffer of [this.#uniform, this.#topItems, this.#topScores, ...this.#exclude]) buffer.destroy()
  }
}
