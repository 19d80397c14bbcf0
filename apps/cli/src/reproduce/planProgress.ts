import type { TrainEvent } from '@gradrec/core'
import { count, duration } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { settingsName } from './cell.ts'
import { secondsLeft, type PlannedRun } from './plan.ts'

/** Share of a run that says how long the rest of it takes. */
const ENOUGH = 0.02

/** Shows how far a plan has come, and how long the rest takes: estimates, corrected by what was right or wrong about them so far. */
export class PlanProgress {
  readonly #output: Output
  readonly #now: () => number
  readonly #todo: readonly PlannedRun[]
  /** What is done was estimated to take so many seconds, and took so many. */
  readonly #done = { estimated: 0, taken: 0 }
  #at = -1
  /** The run under way: when it began, in milliseconds, and how much of it is done. */
  #current: { readonly run: PlannedRun; readonly began: number; share: number } | undefined

  /** @param now milliseconds */
  constructor(output: Output, now: () => number, runs: readonly PlannedRun[]) {
    this.#output = output
    this.#now = now
    this.#todo = runs.filter(({ left }) => left !== undefined)
  }

  start(run: PlannedRun): void {
    this.#at = this.#todo.indexOf(run)
    this.#current = { run, began: this.#now(), share: 0 }
    const { left, state } = run
    const from = state.kind === 'begun' && state.epoch > 0 ? `, on from epoch ${count(state.epoch)}` : ''
    this.#output.fact(
      'training',
      `${this.#place()} ${nameOf(run)}: ${count(left?.epochs ?? 0)} epochs${from}, about ${duration(secondsLeft(run))}`,
    )
  }

  show(run: PlannedRun, event: TrainEvent): void {
    if (event.type !== 'progress' || this.#current === undefined) return
    const { epoch, step, stepsPerEpoch } = event
    const { epochs } = run.asked.request.chosen.config
    const mine = Math.max(1, run.left?.epochs ?? epochs)
    this.#current.share = Math.max(0, epoch - 1 + step / stepsPerEpoch - (epochs - mine)) / mine
    const left = duration(this.secondsLeft())
    this.#output.live(
      `${this.#place()} ${nameOf(run)} · epoch ${count(epoch)}/${count(epochs)} · about ${left} left of all`,
    )
  }

  finish(run: PlannedRun): void {
    const taken = this.#elapsed()
    this.#done.estimated += secondsLeft(run)
    this.#done.taken += taken
    this.#current = undefined
    this.#output.log(`${this.#place()} ${nameOf(run)}: done in ${duration(taken)}`)
  }

  /** Seconds until all is trained. */
  secondsLeft(): number {
    const { run, share } = this.#current ?? { run: undefined, share: 0 }
    const [mine, elapsed] = [run === undefined ? 0 : secondsLeft(run), this.#elapsed()]
    const estimated = this.#done.estimated + share * mine
    const factor = estimated > 0 ? (this.#done.taken + elapsed) / estimated : 1
    const rest = this.#todo.slice(this.#at + 1).reduce((sum, each) => sum + secondsLeft(each), 0)
    // Of the current run, what it took so far says most about the rest of it.
    const ofMine = share > ENOUGH ? (elapsed / share) * (1 - share) : mine * factor
    return ofMine + rest * factor
  }

  #elapsed(): number {
    return this.#current === undefined ? 0 : (this.#now() - this.#current.began) / 1000
  }

  #place(): string {
    return `${this.#at + 1}/${this.#todo.length}`
  }
}

function nameOf({ cell }: PlannedRun): string {
  return `${settingsName(cell)} seed ${cell.seed}`
}
