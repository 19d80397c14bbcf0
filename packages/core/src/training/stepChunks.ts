/** Seconds one call of the engine should take: long enough to keep a GPU busy, short enough for a live display. */
const CHUNK_SECONDS = 0.3

/**
 * Sizes calls of `fit.steps` by how long the last one took, in multiples of what the engine likes to be asked for, so that the
 * clock never changes a bit of the result.
 */
export class StepChunks {
  readonly #stepsAtOnce: number
  #size: number

  /** @param stepsAtOnce of the fit */
  constructor(stepsAtOnce: number) {
    this.#stepsAtOnce = stepsAtOnce
    this.#size = stepsAtOnce
  }

  /** How many steps to ask for next, of `left` that are left of the epoch. */
  next(left: number): number {
    return Math.min(this.#size, left)
  }

  /** Learns from a call. Grows fourfold at most, since the first calls on a device are slower than the rest. */
  took(steps: number, seconds: number): void {
    const fitting = seconds > 0 ? (steps * CHUNK_SECONDS) / seconds : Infinity
    const portions = Math.min(fitting, Math.max(this.#size, steps) * 4) / this.#stepsAtOnce
    this.#size = Math.max(1, Math.floor(portions)) * this.#stepsAtOnce
  }
}
