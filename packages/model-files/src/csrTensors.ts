import type { Csr } from '@gradrec/engine'
import { ModelFileError } from './errors.ts'
import type { Tensor } from './tensor.ts'

/** A sparse matrix as two tensors: `<name>.rowPointer` and `<name>.columns`. */
export function csrTensors(name: string, { rowPointer, columns }: Csr): [string, Tensor][] {
  return [
    [`${name}.rowPointer`, { shape: [rowPointer.length], values: rowPointer }],
    [`${name}.columns`, { shape: [columns.length], values: columns }],
  ]
}

/**
 * The inverse, for a matrix of known shape.
 *
 * @throws ModelFileError where a tensor is missing or of another kind, or the two are no such matrix
 */
export function csrOfTensors(
  source: string,
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  { rows, columnCount }: { readonly rows: number; readonly columnCount: number },
): Csr {
  const rowPointer = tensors.get(`${name}.rowPointer`)?.values
  const columns = tensors.get(`${name}.columns`)?.values
  if (!(rowPointer instanceof Uint32Array) || !(columns instanceof Uint32Array)) {
    throw new ModelFileError(
      source,
      `there is no sparse matrix "${name}"; expected its rowPointer and columns (uint32)`,
    )
  }
  const isWhole = rowPointer.length === rows + 1 && rowPointer[0] === 0 && rowPointer[rows] === columns.length
  let isSound = isWhole
  for (let row = 0; row < rows && isSound; row++) {
    isSound = rowPointer[row]! <= rowPointer[row + 1]!
    for (let k = rowPointer[row]!; k < rowPointer[row + 1]! && isSound; k++) {
      isSound = columns[k]! < columnCount && (k === rowPointer[row] || columns[k - 1]! < columns[k]!)
    }
  }
  if (isSound) return { rows, columnCount, rowPointer, columns }
  throw new ModelFileError(source, `"${name}" is no sparse matrix of ${rows} × ${columnCount} with ascending columns`)
}
