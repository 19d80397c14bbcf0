import type { TrainEvent } from '@gradrec/core'
import { count, duration } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { settingsName } from './cell.ts'
import { secondsLeft, type PlannedRun } from './plan.ts'

/** Shows how far a plan has come, and how long the rest takes: estimates, corrected by what was right or wrong about them so far. */
export class PlanProgress {
  readonly #output: Output
  readonly #now: () => number
  readonly #todo: readonly PlannedRun[]
  /** Seconds that what is done was estimated to take, and did. */
  #estimated = 0
  #taken = 0
  #begun = 0
  #at = 0
  #shareDone = 0

  /** @param now milliseconds */
  constructor(output: Output, now: () => number, runs: readonly PlannedRun[]) {
    this.#output = output
    this.#now = now
    this.#todo = runs.filter(({ left }) => left !== undefined)
  }

  start(run: PlannedRun): void {
    this.#at = this.#todo.indexOf(run)
    this.#begun = this.#now()
    this.#shareDone = 0
    const { left, state } = run
    const from = state.kind === 'begun' && state.epoch > 0 ? `, on from epoch ${count(state.epoch)}` : ''
    this.#output.fact(
      'training',
      `${this.#place()} ${nameOf(run)}: ${count(left?.epochs ?? 0)} epochs${from}, about ${duration(secondsLeft(run))}`,
    )
  }

  show(run: PlannedRun, event: TrainEvent): void {
    if (event.type !== 'progress') return
    const { epoch, step, stepsPerEpoch } = event
    const { epochs } = run.asked.request.chosen.config
    const mine = Math.max(1, run.left?.epochs ?? epochs)
    this.#shareDone = Math.max(0, epoch - 1 + step / stepsPerEpoch - (epochs - mine)) / mine
    const left = duration(this.secondsLeft())
    this.#output.live(
      `${this.#place()} ${nameOf(run)} · epoch ${count(epoch)}/${count(epochs)} · about ${left} left of all`,
    )
  }

  finish(run: PlannedRun): void {
    const taken = (this.#now() - this.#begun) / 1000
    this.#estimated += secondsLeft(run)
    this.#taken += taken
    this.#shareDone = 1
    this.#output.log(`${this.#place()} ${nameOf(run)}: done in ${duration(taken)}`)
  }

  /** Seconds until all is trained. */
  secondsLeft(): number {
    const current = this.#todo[this.#at]
    const taken = (this.#now() - this.#begun) / 1000
    const rest = this.#todo.slice(this.#at + 1).reduce((sum, run) => sum + secondsLeft(run), 0)
    const mine = current === undefined ? 0 : secondsLeft(current)
    // Of the current run, what it took so far says most about the rest of it.
    const ofMine = this.#shareDone > 0.02 ? (taken / this.#shareDone) * (1 - this.#shareDone) : mine
    const estimated = this.#estimated + this.#shareDone * mine
    const factor = estimated > 0 ? (this.#taken + (this.#shareDone < 1 ? taken : 0)) / estimated : 1
    return (this.#shareDone < 1 ? ofMine : 0) + rest * factor
  }

  #place(): string {
    return `${this.#at + 1}/${this.#todo.length}`
  }
}

function nameOf({ cell }: PlannedRun): string {
  return `${settingsName(cell)} seed ${cell.seed}`
}
