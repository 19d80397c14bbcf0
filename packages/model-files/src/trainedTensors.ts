import type { TrainedVectors } from '@gradrec/core'
import type { Embeddings, Matrix } from '@gradrec/engine'
import { ModelFileError } from './errors.ts'
import { matrixOfTensor, tensorOfMatrix, type Tensor } from './tensor.ts'

/**
 * Trained vectors as tensors: `<prefix>embeddings.users` … and, where there are any, `<prefix>recorded.positive.users` … and
 * `<prefix>parameters`.
 */
export function trainedTensors(prefix: string, trained: TrainedVectors): [string, Tensor][] {
  const { embeddings, recorded, parameters } = trained
  const tensors = bothSides(`${prefix}embeddings`, embeddings)
  if (recorded !== undefined) {
    tensors.push(...bothSides(`${prefix}recorded.positive`, recorded.positive))
    tensors.push(...bothSides(`${prefix}recorded.negative`, recorded.negative))
  }
  if (parameters !== undefined) tensors.push([`${prefix}parameters`, tensorOfMatrix(parameters)])
  return tensors
}

/** The inverse. Throws `ModelFileError` where one is missing, or has another shape than it must. */
export function trainedOfTensors(source: string, tensors: ReadonlyMap<string, Tensor>, prefix: string): TrainedVectors {
  const read = (name: string): Embeddings => ({
    users: matrixOfTensor(source, tensors, `${name}.users`),
    items: matrixOfTensor(source, tensors, `${name}.items`),
  })
  const embeddings = read(`${prefix}embeddings`)
  const { users, items } = embeddings
  if (users.dimension !== items.dimension) {
    throw new ModelFileError(
      source,
      `"${prefix}embeddings" has users of ${users.dimension} dimensions and items of ${items.dimension}; expected as many`,
    )
  }
  const recorded = recordedOfTensors(source, tensors, prefix, embeddings)
  const parameters = parametersOfTensors(source, tensors, prefix, embeddings)
  return { embeddings, ...(recorded && { recorded }), ...(parameters && { parameters }) }
}

function recordedOfTensors(
  source: string,
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string,
  embeddings: Embeddings,
): TrainedVectors['recorded'] {
  if (!tensors.has(`${prefix}recorded.positive.users`)) return undefined
  const readAlike = (name: string, side: 'users' | 'items'): Matrix => {
    const found = matrixOfTensor(source, tensors, `${name}.${side}`)
    const expected = embeddings[side]
    if (found.rows === expected.rows && found.dimension === expected.dimension) return found
    throw new ModelFileError(
      source,
      `"${name}.${side}" is ${found.rows} × ${found.dimension}; expected ${expected.rows} × ${expected.dimension}, as the embeddings`,
    )
  }
  const bothAlike = (name: string): Embeddings => ({ users: readAlike(name, 'users'), items: readAlike(name, 'items') })
  return {
    positive: bothAlike(`${prefix}recorded.positive`),
    negative: bothAlike(`${prefix}recorded.negative`),
  }
}

/** How many rows there must be only the method knows. */
function parametersOfTensors(
  source: string,
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string,
  { users: { dimension } }: Embeddings,
): TrainedVectors['parameters'] {
  const name = `${prefix}parameters`
  if (!tensors.has(name)) return undefined
  const parameters = matrixOfTensor(source, tensors, name)
  if (parameters.dimension === dimension) return parameters
  throw new ModelFileError(
    source,
    `"${name}" has rows of ${parameters.dimension} numbers; expected ${dimension}, as the embeddings`,
  )
}

function bothSides(name: string, { users, items }: Embeddings): [string, Tensor][] {
  return [
    [`${name}.users`, tensorOfMatrix(users)],
    [`${name}.items`, tensorOfMatrix(items)],
  ]
}
