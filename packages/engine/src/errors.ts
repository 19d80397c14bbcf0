/**
 * The base of every error gradrec raises on purpose. `code` is stable and meant for programs; `message` is one or two
 * sentences for people: what is wrong, where, what was expected, what to do.
 */
export class GradrecError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** A run description that no engine could train: a shape, rate or option outside its range. Code `E_SPEC`. */
export class SpecError extends GradrecError {
  constructor(message: string) {
    super('E_SPEC', message)
  }
}

/** A problem larger than this device can hold; carries both numbers. Code `E_LIMIT`. */
export class LimitError extends GradrecError {
  readonly needed: number
  readonly available: number

  constructor(message: string, needed: number, available: number) {
    super('E_LIMIT', message)
    this.needed = needed
    this.available = available
  }
}

/** No device of the wanted kind could be opened. Code `E_DEVICE_UNAVAILABLE`. */
export class DeviceUnavailableError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_DEVICE_UNAVAILABLE', message, options)
  }
}

/** The device went away or ran out of memory in the middle of work. Code `E_DEVICE_LOST`. */
export class DeviceLostError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_DEVICE_LOST', message, options)
  }
}
