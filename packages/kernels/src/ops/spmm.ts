import { SpecError, type Graph } from '@gradrec/engine'
import { Propagation } from '../propagation.ts'
import { NO_STEP, StepUniforms } from '../stepUniforms.ts'
import { tensor, vectorsOf, type Tensor } from './tensor.ts'

/**
 * The product of a graph's normalised adjacency and a matrix: row r becomes
 * rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c].
 *
 * @param x graph.nodes × d
 */
export async function spmm(graph: Graph, x: Tensor): Promise<Tensor> {
  const { device, rows, dimension } = x
  if (rows !== graph.nodes) throw new SpecError(`x has ${rows} rows; expected one for each of the ${graph.nodes} nodes`)
  vectorsOf(x)
  const y = await device.allocate('the product', () => tensor(device, rows, dimension))
  const propagation = await Propagation.create(device, graph, dimension)
  const dispatches = await propagation.layer({ x: x.buffer, y: y.buffer, outputScale: 1 })
  const steps = new StepUniforms(device, 1)
  steps.write([NO_STEP])
  device.submit((pass) => {
    steps.select(pass, 0)
    for (const dispatch of dispatches) device.encode(pass, dispatch)
  })
  propagation.destroy()
  steps.destroy()
  return y
}
