import { GradrecError } from '@gradrec/engine'

/**
 * A model file that cannot be read or written: damaged, of a kind that is not supported, or out of reach. The message begins
 * with the file's name. Code `E_MODEL_FILE`.
 */
export class ModelFileError extends GradrecError {
  /** The file's name, as it was given to the reader or writer. */
  readonly source: string

  constructor(source: string, problem: string, options?: { readonly cause?: unknown }) {
    super('E_MODEL_FILE', `${source}: ${problem}`, options)
    this.source = source
  }
}
