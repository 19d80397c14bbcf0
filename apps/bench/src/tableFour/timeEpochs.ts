import { prepareRun } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine, Fit } from '@gradrec/engine'
import { interleave, pairedRatio, type Rounds } from '../interleave.ts'
import type { PaperMethod } from './paperTable.ts'
import type { TimedMethod } from './sides.ts'

/** How long rounds are and how many. */
export interface Effort {
  /** After a first one that is thrown away. */
  readonly rounds: number
  /** Seconds that a round of one side may take; whole epochs where they fit. */
  readonly secondsPerRound: number
}

export interface TimedEpochs {
  readonly label: string
  readonly method: PaperMethod
  readonly stepsPerEpoch: number
  /** Steps that one round took. */
  readonly stepsPerRound: number
  /** Whether a round was less than an epoch, and the epoch is its steps' time times their number. */
  readonly extrapolated: boolean
  /** Seconds until the first steps were done: allocation, compilation, and what is computed once. */
  readonly setupSeconds: number
  readonly secondsPerEpoch: Rounds
  /** Of the original model's epoch, by rounds: `pairedRatio`. */
  readonly ratio: number
}

interface Runner extends TimedMethod {
  readonly fit: Fit
  readonly setupSeconds: number
  readonly stepsPerRound: number
}

/**
 * Times the epochs of several methods on one data set, in turns. A fit's first steps, and one round, are warm-up.
 *
 * @param progress called with a text when something has been measured; throws to stop
 */
export async function timeEpochs(
  engine: Engine,
  dataset: Dataset,
  methods: readonly TimedMethod[],
  effort: Effort,
  progress: (text: string) => void,
): Promise<readonly TimedEpochs[]> {
  const runners: Runner[] = []
  try {
    for (const each of methods) {
      progress(`${each.label}: warming up`)
      runners.push(await warmUp(engine, dataset, each, effort))
    }
    const sides = Object.fromEntries(
      runners.map(({ label, fit, stepsPerRound }) => [label, () => secondsPerEpoch(fit, stepsPerRound)]),
    )
    const measured = await interleave(sides, effort.rounds, (label, round) =>
      progress(`round ${round + 1} of ${effort.rounds}: ${label}`),
    )
    const base = measured['original']
    return runners.map(({ label, method, fit, stepsPerRound, setupSeconds }) => {
      const rounds = measured[label]
      if (rounds === undefined || base === undefined) throw new Error(`${label} was not measured`)
      return {
        label,
        method,
        stepsPerEpoch: fit.stepsPerEpoch,
        stepsPerRound,
        extrapolated: stepsPerRound < fit.stepsPerEpoch,
        setupSeconds,
        secondsPerEpoch: rounds,
        ratio: pairedRatio(rounds, base),
      }
    })
  } finally {
    for (const { fit } of runners) fit.close()
  }
}

async function warmUp(engine: Engine, dataset: Dataset, method: TimedMethod, effort: Effort): Promise<Runner> {
  const { spec } = prepareRun(dataset, method.config)
  const begin = performance.now()
  const fit = await engine.fit(spec)
  try {
    const isLazy = spec.optimizer.kind === 'adam' && spec.optimizer.update === 'lazy'
    // Lazy updates plan a horizon at a time, and a part of one costs more for its length.
    const unit = isLazy ? Math.min(fit.stepsAtOnce, fit.stepsPerEpoch) : 1
    await fit.steps(unit)
    const setupSeconds = (performance.now() - begin) / 1000
    const seconds = await secondsPerEpoch(fit, unit)
    const affordable = Math.floor((effort.secondsPerRound / seconds) * (fit.stepsPerEpoch / unit)) * unit
    const stepsPerRound = Math.min(fit.stepsPerEpoch, Math.max(unit, affordable))
    if (stepsPerRound > unit) await secondsPerEpoch(fit, stepsPerRound)
    return { ...method, fit, setupSeconds, stepsPerRound }
  } catch (error) {
    fit.close()
    throw error
  }
}

async function secondsPerEpoch(fit: Fit, steps: number): Promise<number> {
  const begin = performance.now()
  await fit.steps(steps)
  return ((performance.now() - begin) / 1000) * (fit.stepsPerEpoch / steps)
}
