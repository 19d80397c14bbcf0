import { gather as shader } from '../wgsl.generated.ts'
import { tensor, vectorsOf, type Indices, type Tensor } from './tensor.ts'

/**
 * The rows of a table that `rows` names, in its order, repeats included.
 *
 * @param rows each below `table.rows`
 * @returns rows.length × dimension
 */
export async function gather(table: Tensor, rows: Indices): Promise<Tensor> {
  const { device, dimension } = table
  const vectors = vectorsOf(table)
  const kernel = await device.kernel(shader, {})
  return device.allocate('gathered rows', () => {
    const gathered = tensor(device, rows.length, dimension)
    const shape = device.uniform('shape', shader.uniforms.shape, { count: rows.length, vectors })
    const buffers = { table: table.buffer, rows: rows.buffer, gathered: gathered.buffer, shape }
    const dispatch = kernel.bind(buffers, Math.ceil((rows.length * vectors) / 256))
    device.submit((pass) => device.encode(pass, dispatch))
    return gathered
  })
}
