import type { ScoringVectors } from './scoringVectors.ts'

/** A model worth keeping, and how good it was. */
export interface Snapshot {
  readonly vectors: ScoringVectors
  /** Whole epochs trained. */
  readonly epoch: number
  /** The watched metric. */
  readonly value: number
}

/** Keeps the best snapshot and counts how long none was better. Equal is not better: the earlier one stays. */
export class BestModel {
  private snapshot: Snapshot | undefined
  private validationsSinceBest = 0
  private readonly patience: number

  /** @param patience validations in a row without a better one that are one too many; 0 for no limit */
  constructor(patience: number) {
    this.patience = patience
  }

  get best(): Snapshot | undefined {
    return this.snapshot
  }

  /** Whether `patience` is used up. */
  get exhausted(): boolean {
    return this.patience > 0 && this.validationsSinceBest >= this.patience
  }

  /** Returns whether the candidate is the best so far. */
  offer(candidate: Snapshot): boolean {
    if (this.snapshot !== undefined && candidate.value <= this.snapshot.value) {
      this.validationsSinceBest++
      return false
    }
    this.snapshot = candidate
    this.validationsSinceBest = 0
    return true
  }
}
