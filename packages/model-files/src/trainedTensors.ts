import type { TrainedVectors } from '@gradrec/core'
import type { Embeddings } from '@gradrec/engine'
import { ModelFileError } from './errors.ts'
import { matrixOfTensor, tensorOfMatrix, type Tensor } from './tensor.ts'

/** Trained vectors as tensors: `<prefix>embeddings.users` … and, where there are any, `<prefix>recorded.positive.users` …. */
export function trainedTensors(prefix: string, { embeddings, recorded }: TrainedVectors): [string, Tensor][] {
  return [
    ...bothSides(`${prefix}embeddings`, embeddings),
    ...(recorded === undefined
      ? []
      : [
          ...bothSides(`${prefix}recorded.positive`, recorded.positive),
          ...bothSides(`${prefix}recorded.negative`, recorded.negative),
        ]),
  ]
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
  if (!tensors.has(`${prefix}recorded.positive.users`)) return { embeddings }
  const readAlike = (name: string): Embeddings => {
    const found = read(name)
    for (const side of ['users', 'items'] as const) {
      const [{ rows, dimension }, expected] = [found[side], embeddings[side]]
      if (rows === expected.rows && dimension === expected.dimension) continue
      throw new ModelFileError(
        source,
        `"${name}.${side}" is ${rows} × ${dimension}; expected ${expected.rows} × ${expected.dimension}, as the embeddings`,
      )
    }
    return found
  }
  const positive = readAlike(`${prefix}recorded.positive`)
  return { embeddings, recorded: { positive, negative: readAlike(`${prefix}recorded.negative`) } }
}

function bothSides(name: string, { users, items }: Embeddings): [string, Tensor][] {
  return [
    [`${name}.users`, tensorOfMatrix(users)],
    [`${name}.items`, tensorOfMatrix(items)],
  ]
}
