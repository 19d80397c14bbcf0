import { GradrecError } from '@gradrec/engine'

/** A file or catalogued data set that is not there, or cannot be opened. Code `E_DATA_MISSING`. */
export class DataMissingError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_DATA_MISSING', message, options)
  }
}

/** A file or folder that could not be written. Code `E_DATA_WRITE`. */
export class DataWriteError extends GradrecError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('E_DATA_WRITE', message, options)
  }
}

/** Content that its format does not allow. The message begins with the place, `file` or `file:line`. Code `E_DATA_FORMAT`. */
export class DataFormatError extends GradrecError {
  /** The file's name, as it was given to the reader. */
  readonly source: string
  /** 1-based line, where the format has lines; 1-based row of a Parquet table. */
  readonly line: number | undefined

  constructor(
    place: { readonly source: string; readonly line?: number },
    problem: string,
    options?: { readonly cause?: unknown },
  ) {
    super('E_DATA_FORMAT', `${place.source}${place.line === undefined ? '' : `:${place.line}`}: ${problem}`, options)
    this.source = place.source
    this.line = place.line
  }
}

/** Readable, but without a single interaction to train on. Code `E_DATA_EMPTY`. */
export class EmptyDataError extends GradrecError {
  constructor(message: string) {
    super('E_DATA_EMPTY', message)
  }
}

/** Parts of one data set that do not count the same users and items. Code `E_DATA_SHAPE`. */
export class DataShapeError extends GradrecError {
  constructor(message: string) {
    super('E_DATA_SHAPE', message)
  }
}

/** An option outside its range, or a name that is not known. Code `E_DATA_OPTION`. */
export class DataOptionError extends GradrecError {
  constructor(message: string) {
    super('E_DATA_OPTION', message)
  }
}
