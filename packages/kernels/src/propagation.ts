import type { Graph } from '@gradrec/engine'
import { cutIntoChunks } from './chunks.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { lanesFor } from './tuning.ts'
import { spmm, spmmLongRows } from './wgsl.generated.ts'

/** One application of y = outputScale · (base + A x): see wgsl/propagation.wgsl. */
export interface Layer {
  readonly x: GPUBuffer
  /** Left out: y = outputScale · A x. */
  readonly base?: GPUBuffer
  readonly y: GPUBuffer
  readonly outputScale: number
  /** Count rows of `x` (of `base`) that the step did not touch as zero. Default false. */
  readonly inputIsSparse?: boolean
  readonly baseIsSparse?: boolean
}

interface GraphBuffers {
  readonly chunks: GPUBuffer
  readonly columns: GPUBuffer
  readonly nodeScale: GPUBuffer
  readonly partials: GPUBuffer
  readonly longRows: GPUBuffer
}

/** A graph on the device, and layers over it. */
export class Propagation {
  readonly #device: KernelDevice
  readonly #vectors: number
  readonly #chunkCount: number
  readonly #longRowCount: number
  readonly #graph: GraphBuffers
  readonly #touched: GPUBuffer
  readonly #ownsTouched: boolean

  private constructor(
    device: KernelDevice,
    vectors: number,
    counts: { readonly chunks: number; readonly longRows: number },
    graph: GraphBuffers,
    touched: GPUBuffer,
    ownsTouched: boolean,
  ) {
    this.#device = device
    this.#vectors = vectors
    this.#chunkCount = counts.chunks
    this.#longRowCount = counts.longRows
    this.#graph = graph
    this.#touched = touched
    this.#ownsTouched = ownsTouched
  }

  /**
   * @param touched marks of touched rows, for layers with sparse input; left out where there are none
   */
  static async create(
    device: KernelDevice,
    graph: Graph,
    dimension: number,
    touched?: GPUBuffer,
  ): Promise<Propagation> {
    const { chunks, longRows, partials } = cutIntoChunks(graph, device.tuning.edgesPerChunk)
    return device.allocate('the graph', () => {
      const buffers = {
        chunks: device.upload('chunks of the graph', chunks),
        columns: device.upload('edges of the graph', graph.columns),
        nodeScale: device.upload('node scales', graph.scale),
        partials: device.storage('partial sums of long rows', partials * dimension * 4),
        longRows: device.upload('long rows of the graph', longRows),
      }
      const counts = { chunks: chunks.length / 4, longRows: longRows.length / 4 }
      const marks = touched ?? device.storage('no marks', graph.nodes * 8)
      return new Propagation(device, dimension / 4, counts, buffers, marks, touched === undefined)
    })
  }

  /** The dispatches of one layer, in order. */
  async layer(layer: Layer): Promise<Dispatch[]> {
    const { workgroupSize } = this.#device.tuning
    const lanes = lanesFor(this.#vectors, this.#device.tuning)
    const constants = {
      vectors: this.#vectors,
      lanes,
      workgroupSize,
      outputScale: layer.outputScale,
      hasBase: layer.base === undefined ? 0 : 1,
      baseIsSparse: layer.baseIsSparse === true ? 1 : 0,
      inputIsSparse: layer.inputIsSparse === true ? 1 : 0,
    }
    const { chunks, columns, nodeScale, partials, longRows } = this.#graph
    const touched = this.#touched
    const { x, y } = layer
    const base = layer.base ?? x
    const rowsPerWorkgroup = workgroupSize / lanes
    const chunkKernel = await this.#device.kernel(spmm, { ...constants, chunkCount: this.#chunkCount })
    const dispatches = [
      chunkKernel.bind(
        { chunks, columns, nodeScale, x, base, touched, partials, y },
        Math.ceil(this.#chunkCount / rowsPerWorkgroup),
      ),
    ]
    if (this.#longRowCount > 0) {
      const longKernel = await this.#device.kernel(spmmLongRows, { ...constants, longRowCount: this.#longRowCount })
      dispatches.push(
        longKernel.bind(
          { longRows, nodeScale, base, touched, partials, y },
          Math.ceil(this.#longRowCount / rowsPerWorkgroup),
        ),
      )
    }
    return dispatches
  }

  /**
   * The dispatches that carry `from` to the mean of its layers 0 … `layers`, by Horner's rule; `scratch` and `result` are
   * overwritten in turn, and the mean ends in `result`.
   *
   * @param isSparse count the rows of `from` that the step did not touch as zero: a batch's gradient on its way back
   */
  async mean(
    from: GPUBuffer,
    layers: number,
    scratch: GPUBuffer,
    result: GPUBuffer,
    isSparse: boolean,
  ): Promise<Dispatch[]> {
    const dispatches: Dispatch[] = []
    let x = from
    for (let layer = 1; layer <= layers; layer++) {
      const y = (layers - layer) % 2 === 0 ? result : scratch
      const outputScale = layer === layers ? 1 / (layers + 1) : 1
      const inputIsSparse = isSparse && layer === 1
      dispatches.push(...(await this.layer({ x, base: from, y, outputScale, baseIsSparse: isSparse, inputIsSparse })))
      x = y
    }
    return dispatches
  }

  destroy(): void {
    for (const buffer of Object.values(this.#graph)) buffer.destroy()
    if (this.#ownsTouched) this.#touched.destroy()
  }
}
