import { lanesFor } from '../tuning.ts'
import { rowNormalize as forwardShader, rowNormalizeBackward as backwardShader } from '../wgsl.generated.ts'
import { checkSameShape, tensor, vectorsOf, type Tensor } from './tensor.ts'

/**
 * Every row over its Euclidean norm, x̂ = x / ‖x‖; a row of zeros stays one.
 *
 *     const unit = await rowNormalize(users)
 *     const { users: byUnit } = await bprGradients(unit, positives, negatives, { weight })
 *     const byUsers = await rowNormalizeBackward(users, byUnit)
 */
export async function rowNormalize(x: Tensor): Promise<Tensor> {
  const { device, rows, dimension } = x
  const { constants, workgroups } = rowGroups(x)
  const kernel = await device.kernel(forwardShader, constants)
  return device.allocate('normalised rows', () => {
    const y = tensor(device, rows, dimension)
    const dispatch = kernel.bind({ x: x.buffer, y: y.buffer }, workgroups)
    device.submit((pass) => device.encode(pass, dispatch))
    return y
  })
}

/**
 * From the gradient g by x̂ = `rowNormalize(x)` to the gradient by x: (g − (g·x̂) x̂) / ‖x‖ (the paper's Eq. 14); zeros where a
 * row of x is zeros.
 */
export async function rowNormalizeBackward(x: Tensor, normalizedGradients: Tensor): Promise<Tensor> {
  checkSameShape(x, normalizedGradients)
  const { device, rows, dimension } = x
  const { constants, workgroups } = rowGroups(x)
  const kernel = await device.kernel(backwardShader, constants)
  return device.allocate('gradients through the norm', () => {
    const gradients = tensor(device, rows, dimension)
    const buffers = {
      x: x.buffer,
      normalizedGradients: normalizedGradients.buffer,
      gradients: gradients.buffer,
    }
    const dispatch = kernel.bind(buffers, workgroups)
    device.submit((pass) => device.encode(pass, dispatch))
    return gradients
  })
}

/** A lane group for every row. */
function rowGroups(x: Tensor): {
  readonly constants: {
    readonly vectors: number
    readonly lanes: number
    readonly workgroupSize: number
    readonly rowCount: number
  }
  readonly workgroups: number
} {
  const vectors = vectorsOf(x)
  const { workgroupSize } = x.device.tuning
  const lanes = lanesFor(vectors, x.device.tuning)
  return {
    constants: { vectors, lanes, workgroupSize, rowCount: x.rows },
    workgroups: Math.ceil(x.rows / (workgroupSize / lanes)),
  }
}
