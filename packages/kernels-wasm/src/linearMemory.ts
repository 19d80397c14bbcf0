import { DeviceLostError, formatBytes, LimitError, SpecError } from '@gradrec/engine'
import { MAXIMUM_PAGES } from './wasm.generated.ts'

const PAGE = 65_536
/** What 32-bit addresses reach, less a page: no memory is opened with 64-bit ones. */
export const MOST_BYTES: number = MAXIMUM_PAGES * PAGE
/** Sixteen pages: less is of no use. */
const LEAST_LIMIT = 16 * PAGE
/** Regions begin at multiples of a cache line, so that no two threads write to one line from two regions. */
const ALIGNMENT = 64

/** A stretch of the memory that belongs to one fit or one call. */
export interface Region {
  readonly address: number
  readonly bytes: number
}

/**
 * The engine's one memory and who has which part of it: first fit over a short list. The memory grows and never shrinks;
 * what is freed is used again.
 */
export class LinearMemory {
  readonly memory: WebAssembly.Memory
  /** Bytes that it can grow to: 4 GiB less a page, or what this system lets a memory reserve. */
  readonly limit: number
  /** In use, by address. The first page stays free, so that no region has address 0. */
  #regions: Region[] = []
  /** Bytes below this address have been used before. */
  #used = PAGE

  /**
   * @param shared whether other threads see it
   * @param limit bytes that it may grow to
   */
  constructor(shared: boolean, limit: number = MOST_BYTES) {
    if (!(Number.isInteger(limit) && limit >= LEAST_LIMIT && limit <= MOST_BYTES)) {
      throw new SpecError(
        `memoryLimit is ${limit}; expected a whole number of bytes from ${LEAST_LIMIT} to ${MOST_BYTES}`,
      )
    }
    const { memory, pages } = reserve(shared, Math.floor(limit / PAGE))
    this.memory = memory
    this.limit = pages * PAGE
  }

  /**
   * Takes a region and fills it with zeros.
   *
   * @param purpose what needs it, for the error: "the training run"
   * @throws LimitError with both numbers when there is no room for it
   */
  allocate(bytes: number, purpose: string): Region {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    const place = this.#place(size)
    if (place === undefined) {
      const available = this.largestGap
      throw new LimitError(
        `${purpose} needs ${formatBytes(size)} of WebAssembly memory; ${formatBytes(available)} are left of the ` +
          `${formatBytes(this.limit)} that 32-bit addresses reach: use a smaller dimension or batch, close other runs, or use a GPU`,
        size,
        available,
      )
    }
    this.#growTo(place.address + size)
    const region = { address: place.address, bytes: size }
    this.#regions.splice(place.index, 0, region)
    const dirty = Math.min(this.#used, region.address + size) - region.address
    if (dirty > 0) new Uint8Array(this.memory.buffer, region.address, dirty).fill(0)
    this.#used = Math.max(this.#used, region.address + size)
    return region
  }

  free(region: Region): void {
    this.#regions = this.#regions.filter((other) => other !== region)
  }

  // A memory that grows has a new buffer: views are made when they are needed, and not kept.

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length)
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length)
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length)
  }

  #place(size: number): { address: number; index: number } | undefined {
    let address = PAGE
    for (const [index, region] of this.#regions.entries()) {
      if (region.address - address >= size) return { address, index }
      address = region.address + region.bytes
    }
    return address + size <= this.limit ? { address, index: this.#regions.length } : undefined
  }

  /** Bytes that regions have. */
  get taken(): number {
    return this.#regions.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** The largest region that could be taken now. */
  get largestGap(): number {
    let largest = 0
    let address = PAGE
    for (const region of this.#regions) {
      largest = Math.max(largest, region.address - address)
      address = region.address + region.bytes
    }
    return Math.max(largest, this.limit - address)
  }

  #growTo(end: number): void {
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE)
    if (missing <= 0) return
    try {
      this.memory.grow(missing)
    } catch (cause) {
      throw new DeviceLostError(`this system has no memory left: ${formatBytes(missing * PAGE)} more were needed`, {
        cause,
      })
    }
  }
}

/** A memory that may grow as far as 32-bit addresses reach; less where the system does not let it reserve that much. */
function reserve(shared: boolean, wanted: number): { memory: WebAssembly.Memory; pages: number } {
  for (let pages = wanted; ; pages = Math.floor(pages / 2)) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 1, maximum: pages, shared }), pages }
    } catch (cause) {
      if (pages * PAGE > 2 * LEAST_LIMIT) continue
      throw new DeviceLostError('this system has no memory left for WebAssembly', { cause })
    }
  }
}
