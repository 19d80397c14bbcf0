import type { Dials } from '../methods/inference.ts'
import type { TrainedVectors } from '../methods/trainedVectors.ts'

/** A model worth keeping, and how good it was. */
export interface Snapshot {
  readonly trained: TrainedVectors
  /** Whole epochs trained. */
  readonly epoch: number
  /** The watched metric, at `dials`. */
  readonly value: number
  readonly dials: Dials
}

/** What a `BestModel` remembers, as a checkpoint keeps it. */
export interface BestModelState {
  readonly snapshot: Snapshot | undefined
  readonly validationsSinceBest: number
}

/** Keeps the best snapshot and counts how long none was better. Equal is not better: the earlier one stays. */
export class BestModel {
  #state: BestModelState
  readonly #patience: number

  /** @param patience validations in a row without a better one that are one too many; 0 for no limit */
  constructor(patience: number, state: BestModelState = { snapshot: undefined, validationsSinceBest: 0 }) {
    this.#patience = patience
    this.#state = state
  }

  get state(): BestModelState {
    return this.#state
  }

  get best(): Snapshot | undefined {
    return this.#state.snapshot
  }

  /** Whether `patience` is used up. */
  get exhausted(): boolean {
    return this.#patience > 0 && this.#state.validationsSinceBest >= this.#patience
  }

  /**
   * Returns whether the candidate is the best so far.
   *
   * @param counts whether one that is not better counts against `patience`
   */
  offer(candidate: Snapshot, counts = true): boolean {
    const { snapshot, validationsSinceBest } = this.#state
    if (snapshot !== undefined && candidate.value <= snapshot.value) {
      this.#state = { snapshot, validationsSinceBest: counts ? validationsSinceBest + 1 : 0 }
      return false
    }
    this.#state = { snapshot: candidate, validationsSinceBest: 0 }
    return true
  }
}
