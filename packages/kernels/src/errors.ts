import { GradrecError } from '@gradrec/engine'

/** A shader the driver would not compile; the message names file and line. Code `E_SHADER`. */
export class ShaderError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_SHADER', message, options)
  }
}
