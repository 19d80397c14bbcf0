import { SpecError } from '@gradrec/engine'
import { createDistanceCorrelation } from '../distanceCorrelation.ts'
import { NO_STEP, StepUniforms } from '../stepUniforms.ts'
import { lanesFor } from '../tuning.ts'
import { tensor, type Tensor } from './tensor.ts'

/**
 * The gradient, by every number, of the distance correlation between the first and the second halves of the rows: how much distances
 * among the first halves tell of those among the second (METHODS.md §3.6). Zeros for a single row.
 *
 *     const gradient = await distanceCorrelationGradient(await gather(table, distinctItems), { weight: 0.01 })
 *     await scatterAdd(tableGradient, distinctItems, gradient)
 *
 * @param rows at least one, of a multiple of 8 columns
 * @param options.weight factor of the correlation
 */
export async function distanceCorrelationGradient(
  rows: Tensor,
  { weight }: { readonly weight: number },
): Promise<Tensor> {
  const { device, rows: count, dimension, buffer: embeddings } = rows
  if (dimension % 8 !== 0) throw new SpecError(`the tensor has ${dimension} columns; expected a multiple of 8`)
  const vectors = dimension / 4
  const { workgroupSize } = device.tuning
  const constants = { vectors, lanes: lanesFor(vectors, device.tuning), workgroupSize, ...NO_SNAPSHOTS }
  const { gradient, runs } = await device.allocate('the gradient of a distance correlation', () => ({
    gradient: tensor(device, count, dimension),
    runs: device.upload('a run for every row', runsOfItems(count)),
  }))
  const buffers = { embeddings, runs, snapshots: gradient.buffer }
  const correlation = await createDistanceCorrelation(device, constants, weight, { users: 0, items: count }, buffers)
  const steps = new StepUniforms(device, 1)
  steps.write([NO_STEP])
  device.submit((pass) => {
    steps.select(pass, 0)
    for (const dispatch of correlation.dispatches) device.encode(pass, dispatch)
  })
  for (const part of [runs, correlation, steps]) part.destroy()
  return gradient
}

/** Without triples the snapshots of a step are nothing but the discrepancy's gradient. */
const NO_SNAPSHOTS = { batch: 0, negatives: 0, recording: 0, snapshotParts: 0, secondCoefficient: 0 }

/** A plan in which every row is an item and occurs once: kernels/writeRuns.wgsl has the layout. */
function runsOfItems(count: number): Uint32Array {
  return Uint32Array.from([count, 0, 0, 0, ...Array.from({ length: count }, (_, row) => [row, row, 0, 0]).flat()])
}
