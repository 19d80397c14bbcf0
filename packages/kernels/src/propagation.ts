import { dropoutScale, dropoutThreshold, type Graph } from '@gradrec/engine'
import { cutIntoChunks } from './chunks.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import type { RowMarks } from './rowMarks.ts'
import { lanesFor } from './tuning.ts'
import { spmm, spmmLongRows } from './wgsl.generated.ts'

/** One application of y = outputScale · mask ∘ (base + A x): see wgsl/propagation.wgsl. */
export interface Layer {
  readonly x: GPUBuffer
  /** Left out: y = outputScale · mask ∘ A x. */
  readonly base?: GPUBuffer
  readonly y: GPUBuffer
  readonly outputScale: number
  /** Multiply with Aᵀ. Default false. */
  readonly isTransposed?: boolean
  /** Count rows of `x` (of `base`) that the step did not mark as zero. Default false. */
  readonly inputIsSparse?: boolean
  readonly baseIsSparse?: boolean
  /** Compute rows of `y` that the step marked only. Default false. */
  readonly outputIsSparse?: boolean
  /** Number of the layer, 1 and up, whose dropout mask y goes through. Default none. */
  readonly maskLayer?: number
}

/** What is drawn anew in every step: see wgsl/dropout.wgsl. */
export interface DropoutChoice {
  readonly dropout: number
  readonly seed: number
}

export interface PropagationOptions {
  /** For layers with sparse input or output; left out where there are none. */
  readonly marks?: Pick<RowMarks, 'marks' | 'markWords'>
  /** For layers with a mask. */
  readonly dropout?: DropoutChoice
}

interface GraphBuffers {
  readonly chunks: GPUBuffer
  readonly columns: GPUBuffer
  readonly scales: GPUBuffer
  readonly partials: GPUBuffer
  readonly longRows: GPUBuffer
  readonly dropout: GPUBuffer
}

interface GraphShape {
  readonly vectors: number
  readonly chunks: number
  readonly longRows: number
  /** Where the columns' scales begin in `scales`: 0 where they are the rows'. */
  readonly columnScales: number
  readonly markWords: number
}

/** A graph on the device, and layers over it. */
export class Propagation {
  readonly #device: KernelDevice
  readonly #shape: GraphShape
  readonly #graph: GraphBuffers
  readonly #marks: GPUBuffer
  readonly #ownsMarks: boolean

  private constructor(
    device: KernelDevice,
    shape: GraphShape,
    graph: GraphBuffers,
    marks: GPUBuffer,
    ownsMarks: boolean,
  ) {
    this.#device = device
    this.#shape = shape
    this.#graph = graph
    this.#marks = marks
    this.#ownsMarks = ownsMarks
  }

  static async create(
    device: KernelDevice,
    graph: Graph,
    dimension: number,
    { marks, dropout = { dropout: 0, seed: 0 } }: PropagationOptions = {},
  ): Promise<Propagation> {
    const { chunks, longRows, partials } = cutIntoChunks(graph, device.tuning.edgesPerChunk)
    const isSymmetric = graph.rowScale === graph.columnScale
    return device.allocate('the graph', () => {
      const buffers = {
        chunks: device.upload('chunks of the graph', chunks),
        columns: device.upload('edges of the graph', graph.columns),
        scales: device.upload('node scales', isSymmetric ? graph.rowScale : joined(graph.rowScale, graph.columnScale)),
        partials: device.storage('partial sums of long rows', partials * dimension * 4),
        longRows: device.upload('long rows of the graph', longRows),
        dropout: device.uniform('dropout', spmm.uniforms.dropout, {
          seedLow: dropout.seed >>> 0,
          seedHigh: Math.floor(dropout.seed / 2 ** 32),
          threshold: dropoutThreshold(dropout.dropout),
          scale: dropoutScale(dropout.dropout),
        }),
      }
      const shape = {
        vectors: dimension / 4,
        chunks: chunks.length / 4,
        longRows: longRows.length / 4,
        columnScales: isSymmetric ? 0 : graph.nodes,
        markWords: marks?.markWords ?? 0,
      }
      const marked = marks?.marks ?? device.storage('no marks', 4)
      return new Propagation(device, shape, buffers, marked, marks === undefined)
    })
  }

  /** Uniform `dropout` as kernels outside the propagation see it. */
  get dropoutUniform(): GPUBuffer {
    return this.#graph.dropout
  }

  /** The dispatches of one layer, in order. */
  async layer(layer: Layer): Promise<Dispatch[]> {
    const { workgroupSize } = this.#device.tuning
    const shape = this.#shape
    const lanes = lanesFor(shape.vectors, this.#device.tuning)
    const isTransposed = layer.isTransposed === true
    const constants = {
      vectors: shape.vectors,
      lanes,
      workgroupSize,
      outputScale: layer.outputScale,
      rowScales: isTransposed ? shape.columnScales : 0,
      columnScales: isTransposed ? 0 : shape.columnScales,
      hasBase: layer.base === undefined ? 0 : 1,
      baseIsSparse: layer.baseIsSparse === true ? 1 : 0,
      inputIsSparse: layer.inputIsSparse === true ? 1 : 0,
      outputIsSparse: layer.outputIsSparse === true ? 1 : 0,
      markWords: shape.markWords,
      maskLayer: layer.maskLayer ?? 0,
    }
    const { chunks, columns, scales, partials, longRows, dropout } = this.#graph
    const marks = this.#marks
    const { x, y } = layer
    const base = layer.base ?? x
    const rowsPerWorkgroup = workgroupSize / lanes
    const chunkKernel = await this.#device.kernel(spmm, { ...constants, chunkCount: shape.chunks })
    const dispatches = [
      chunkKernel.bind(
        { chunks, columns, scales, x, base, marks, partials, y, dropout },
        Math.ceil(shape.chunks / rowsPerWorkgroup),
      ),
    ]
    if (shape.longRows > 0) {
      const longKernel = await this.#device.kernel(spmmLongRows, { ...constants, longRowCount: shape.longRows })
      dispatches.push(
        longKernel.bind(
          { longRows, scales, base, marks, partials, y, dropout },
          Math.ceil(shape.longRows / rowsPerWorkgroup),
        ),
      )
    }
    return dispatches
  }

  /**
   * The dispatches that carry `from` to the mean of its layers 0 … `layers`, by Horner's rule; `scratch` and `result` are
   * overwritten in turn, and the mean ends in `result`.
   *
   * @param purpose `all`: every row of the mean. `batch`: those that the step marked; the others of `result` are left as they are.
   * `gradient`: with Aᵀ, and the rows of `from` that the step did not mark count as zero
   */
  async mean(
    from: GPUBuffer,
    layers: number,
    scratch: GPUBuffer,
    result: GPUBuffer,
    purpose: 'all' | 'batch' | 'gradient',
  ): Promise<Dispatch[]> {
    const isBackward = purpose === 'gradient'
    const dispatches: Dispatch[] = []
    let x = from
    for (let layer = 1; layer <= layers; layer++) {
      const y = (layers - layer) % 2 === 0 ? result : scratch
      dispatches.push(
        ...(await this.layer({
          x,
          base: from,
          y,
          outputScale: layer === layers ? 1 / (layers + 1) : 1,
          isTransposed: isBackward,
          baseIsSparse: isBackward,
          inputIsSparse: isBackward && layer === 1,
          outputIsSparse: purpose === 'batch' && layer === layers,
        })),
      )
      x = y
    }
    return dispatches
  }

  destroy(): void {
    for (const buffer of Object.values(this.#graph)) buffer.destroy()
    if (this.#ownsMarks) this.#marks.destroy()
  }
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
