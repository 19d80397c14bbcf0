type Column = Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

const BLOCK = 1 << 17

/**
 * A column of numbers whose length is not known beforehand. It grows by blocks, so that nothing is copied until `finish`, and
 * then one column at a time: doubling would hold up to three times the data at its worst moment.
 */
export class GrowingColumn<T extends Column> {
  readonly #make: (length: number) => T
  #full: T[] = []
  #block: T
  #at = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#block = make(BLOCK)
  }

  get length(): number {
    return this.#full.length * BLOCK + this.#at
  }

  push(value: number): void {
    if (this.#at === BLOCK) {
      this.#full.push(this.#block)
      this.#block = this.#make(BLOCK)
      this.#at = 0
    }
    this.#block[this.#at++] = value
  }

  /** All values in one array of exactly that length. The column is empty afterwards. */
  finish(): T {
    const values = this.#make(this.length)
    for (const [b, block] of this.#full.entries()) values.set(block, b * BLOCK)
    values.set(this.#block.subarray(0, this.#at), this.#full.length * BLOCK)
    this.#full = []
    this.#block = this.#make(BLOCK)
    this.#at = 0
    return values
  }
}

/** An empty column of row numbers. */
export function countColumn(): GrowingColumn<Uint32Array<ArrayBuffer>> {
  return new GrowingColumn((length) => new Uint32Array(length))
}

/** An empty column of float32 values. */
export function singleColumn(): GrowingColumn<Float32Array<ArrayBuffer>> {
  return new GrowingColumn((length) => new Float32Array(length))
}

/** An empty column of float64 values. */
export function doubleColumn(): GrowingColumn<Float64Array<ArrayBuffer>> {
  return new GrowingColumn((length) => new Float64Array(length))
}
