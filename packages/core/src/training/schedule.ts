/** How the learning rate changes over a run. */
export type Schedule =
  | { readonly kind: 'constant' }
  /**
   * Multiplied by `factor` whenever more than `patience` validations in a row brought the watched metric no improvement by a
   * share of `threshold`, down to `minimumRate`: PyTorch's ReduceLROnPlateau in mode max (METHODS.md §3.1).
   */
  | {
      readonly kind: 'plateau'
      /** Between 0 and 1. */
      readonly factor: number
      /** Validations, 0 or more. */
      readonly patience: number
      /** 0 or more. */
      readonly threshold: number
      /** Above 0, at most the optimizer's rate. */
      readonly minimumRate: number
    }

/** A schedule's memory, as a checkpoint keeps it. */
export interface ScheduleState {
  readonly learningRate: number
  /** The watched metric to improve on; `null` before the first validation. */
  readonly best: number | null
  /** Validations since it was set. */
  readonly waited: number
}

/** Rates closer together than this are one: PyTorch changes none by less. */
const EPSILON = 1e-8

/** Follows the watched metric and says which learning rate comes next. */
export class LearningRate {
  readonly #schedule: Schedule
  #state: ScheduleState

  constructor(schedule: Schedule, state: ScheduleState) {
    this.#schedule = schedule
    this.#state = state
  }

  static start(schedule: Schedule, learningRate: number): LearningRate {
    return new LearningRate(schedule, { learningRate, best: null, waited: 0 })
  }

  get state(): ScheduleState {
    return this.#state
  }

  get current(): number {
    return this.#state.learningRate
  }

  /** Whether no validation can lower it any more. */
  get isFinal(): boolean {
    const schedule = this.#schedule
    return schedule.kind === 'constant' || this.current - this.#next(schedule) <= EPSILON
  }

  /** Takes in a validation's watched metric and returns the rate to go on with. */
  validated(value: number): number {
    const schedule = this.#schedule
    if (schedule.kind === 'constant') return this.current
    const { best, waited, learningRate } = this.#state
    if (best === null || value > best * (1 + schedule.threshold)) {
      this.#state = { learningRate, best: value, waited: 0 }
    } else if (waited < schedule.patience) {
      this.#state = { learningRate, best, waited: waited + 1 }
    } else {
      this.#state = { learningRate: this.isFinal ? learningRate : this.#next(schedule), best, waited: 0 }
    }
    return this.current
  }

  #next({ factor, minimumRate }: Extract<Schedule, { readonly kind: 'plateau' }>): number {
    return Math.max(this.current * factor, minimumRate)
  }
}
