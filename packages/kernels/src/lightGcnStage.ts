import { interactionGraph, type FitSpec, type LightGcn } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { Propagation } from './propagation.ts'
import type { RowMarks } from './rowMarks.ts'
import { addLayer, dropRows } from './wgsl.generated.ts'

/** LightGCN's propagation before the score, and of the gradient after it. */
export interface LightGcnStage {
  /** What is scored. */
  readonly propagated: GPUBuffer
  /** Of all rows of the table; those that are no nodes are the caller's to write. */
  readonly tableGradient: GPUBuffer
  /** From the table to the final embeddings, without dropout. */
  readonly embed: readonly Dispatch[]
  /** From the table to what training scores, of the rows that the step marked at least. */
  readonly forward: readonly Dispatch[]
  /** From the gradient by what was scored to the gradient by the table. */
  readonly backward: readonly Dispatch[]
  readonly destroy: () => void
}

interface Around {
  readonly table: GPUBuffer
  /** By what was scored, of marked rows. */
  readonly gradient: GPUBuffer
  readonly rowMarks: RowMarks
}

/** Buffers as large as the table, the first two without its rows that are no nodes. */
interface Own {
  readonly propagated: GPUBuffer
  readonly scratch: GPUBuffer
  readonly tableGradient: GPUBuffer
}

export async function createLightGcnStage(
  device: KernelDevice,
  { interactions, dimension, seed, initialTable }: FitSpec,
  backbone: LightGcn,
  around: Around,
): Promise<LightGcnStage> {
  const { layers, dropout = 0 } = backbone
  const { table, gradient, rowMarks } = around
  const vectorCount = ((interactions.rows + interactions.columnCount) * dimension) / 4
  const own = await device.allocate('the propagated embeddings', () => ({
    propagated: device.storage('propagated embeddings', 16 * vectorCount),
    scratch: device.storage('propagation scratch', 16 * vectorCount),
    tableGradient: device.storage('the gradient of the table', initialTable.byteLength),
  }))
  const graph = interactionGraph(interactions, backbone)
  const propagation = await Propagation.create(device, graph, dimension, {
    marks: rowMarks,
    dropout: { dropout, seed },
  })
  const embed = await propagation.mean(table, layers, own.scratch, own.propagated, 'all')
  const [forward, backward] =
    dropout > 0
      ? [
          await dropoutForward(device, propagation, table, layers, vectorCount, own),
          await dropoutBackward(device, propagation, around, layers, { vectors: dimension / 4, vectorCount }, own),
        ]
      : [
          await propagation.mean(table, layers, own.scratch, own.propagated, 'batch'),
          await propagation.mean(gradient, layers, own.scratch, own.tableGradient, 'gradient'),
        ]
  return {
    ...own,
    embed,
    forward,
    backward,
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
      propagation.destroy()
    },
  }
}

/**
 * The mean of z_0 … z_L with z_l = mask_l ∘ A z_{l−1}. The outermost factor differs from term to term, so Horner's rule does not
 * apply: every layer is added to a running sum.
 */
async function dropoutForward(
  device: KernelDevice,
  propagation: Propagation,
  table: GPUBuffer,
  layers: number,
  vectorCount: number,
  { propagated, scratch, tableGradient }: Own,
): Promise<Dispatch[]> {
  const { workgroupSize } = device.tuning
  const dispatches: Dispatch[] = []
  let x = table
  for (let layer = 1; layer <= layers; layer++) {
    // The gradient's buffer is free until backward.
    const y = layer % 2 === 1 ? scratch : tableGradient
    dispatches.push(
      ...(await propagation.layer({ x, y, outputScale: 1, maskLayer: layer, outputIsSparse: layer === layers })),
    )
    const outputScale = layer === layers ? 1 / (layers + 1) : 1
    const kernel = await device.kernel(addLayer, {
      workgroupSize,
      vectorCount,
      outputScale,
      isFirst: layer === 1 ? 1 : 0,
    })
    dispatches.push(kernel.bind({ table, layer: y, sum: propagated }, Math.ceil(vectorCount / workgroupSize)))
    x = y
  }
  return dispatches
}

/**
 * The transpose of `dropoutForward`, where Horner's rule does apply: h_L = mask_L ∘ g, then h_{l−1} = mask_{l−1} ∘ (g + Aᵀ h_l)
 * down to l = 1, the last one without a mask and divided by L + 1.
 */
async function dropoutBackward(
  device: KernelDevice,
  propagation: Propagation,
  { gradient, rowMarks }: Around,
  layers: number,
  { vectors, vectorCount }: { readonly vectors: number; readonly vectorCount: number },
  { scratch, tableGradient }: Own,
): Promise<Dispatch[]> {
  const { workgroupSize } = device.tuning
  const kernel = await device.kernel(dropRows, {
    vectors,
    workgroupSize,
    vectorCount,
    maskLayer: layers,
    markWords: rowMarks.markWords,
  })
  let x = layers % 2 === 1 ? scratch : tableGradient
  const dispatches = [
    kernel.bind(
      { x: gradient, marks: rowMarks.marks, y: x, dropout: propagation.dropoutUniform },
      Math.ceil(vectorCount / workgroupSize),
    ),
  ]
  for (let layer = layers; layer >= 1; layer--) {
    const y = x === scratch ? tableGradient : scratch
    dispatches.push(
      ...(await propagation.layer({
        x,
        base: gradient,
        y,
        outputScale: layer === 1 ? 1 / (layers + 1) : 1,
        isTransposed: true,
        baseIsSparse: true,
        inputIsSparse: layer === layers,
        maskLayer: layer - 1,
      })),
    )
    x = y
  }
  return dispatches
}
