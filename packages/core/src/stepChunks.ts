/** Seconds one call of the engine should take: long enough to keep a GPU busy, short enough for a live display. */
const CHUNK_SECONDS = 0.3

/** Sizes calls of `fit.steps` by how long the last one took. */
export class StepChunks {
  private size = 1

  /** How many steps to ask for next, of `left` that are left. */
  next(left: number): number {
    return Math.min(this.size, left)
  }

  /** Learns from a call. Grows fourfold at most, since the first calls on a device are slower than the rest. */
  took(steps: number, seconds: number): void {
    const fitting = seconds > 0 ? Math.floor((steps * CHUNK_SECONDS) / seconds) : Infinity
    this.size = Math.max(1, Math.min(fitting, Math.max(this.size, steps) * 4))
  }
}
