import { GradrecError } from '@gradrec/engine'

/** A command line or configuration file that says something it cannot mean. Exit code 2. Code `E_USAGE`. */
export class UsageError extends GradrecError {
  constructor(message: string) {
    super('E_USAGE', message)
  }
}

/** A folder or file of results that could not be written. Code `E_WRITE`. */
export class WriteError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_WRITE', message, options)
  }
}
