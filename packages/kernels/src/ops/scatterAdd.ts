import { SpecError } from '@gradrec/engine'
import { Planner } from '../planner.ts'
import { lanesFor } from '../tuning.ts'
import { scatterAdd as shader } from '../wgsl.generated.ts'
import { vectorsOf, type Indices, type Tensor } from './tensor.ts'

/**
 * Adds row t of `values` to row `rows[t]` of `target`, for every t. Occurrences are sorted by row first, so repeats are summed
 * in the order of t: no atomics, nothing lost, the same bits every time.
 *
 * @param rows each below `target.rows`
 */
export async function scatterAdd(target: Tensor, rows: Indices, values: Tensor): Promise<void> {
  if (rows.length !== values.rows || target.dimension !== values.dimension) {
    throw new SpecError(
      `${values.rows} × ${values.dimension} values with ${rows.length} row numbers cannot be added to rows of ${target.dimension}`,
    )
  }
  if (rows.length === 0) return
  const { device } = target
  const vectors = vectorsOf(target)
  const { workgroupSize } = device.tuning
  const lanes = lanesFor(vectors, device.tuning)
  const kernel = await device.kernel(shader, { vectors, lanes, workgroupSize })
  const planner = await Planner.create(device, rows.buffer, 1, rows.length, target.rows)
  const { runs, order } = planner
  const dispatch = kernel.bind(
    { runs, order, values: values.buffer, sums: target.buffer },
    Math.ceil(rows.length / (workgroupSize / lanes)),
  )
  planner.prepare(0, 1)
  device.submit((pass) => {
    planner.encode(pass, 1)
    device.encode(pass, dispatch)
  })
  // Destroying after submission is safe: the device keeps what it still works on.
  planner.destroy()
}
