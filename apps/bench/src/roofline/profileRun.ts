import { prepareRun, type TrainConfig } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { canProfile, type Engine, type FitSpec, type Profile, type ProfiledFit } from '@gradrec/engine'
import { windowSteps } from '@gradrec/kernels-wasm'
import { interleave, summary, type Rounds } from '../interleave.ts'
import type { Effort } from '../tableFour/timeEpochs.ts'
import { workOf } from './models/kernelModels.ts'
import { countSteps, type StepCounts } from './stepCounts.ts'
import type { Work } from './work.ts'

/** One kernel of a step. */
export interface ProfiledKernel {
  /** As the engine names it. */
  readonly kernel: string
  readonly callsPerStep: number
  /** Of all its calls in a step. */
  readonly milliseconds: Rounds
  /** What it has to do in a step; left out for what the host does. */
  readonly work?: Work | undefined
}

export interface ProfiledRun {
  /** Steps of a round. */
  readonly steps: number
  readonly clock: Profile['clock']
  /** Of the steps of a round without a profile. */
  readonly millisecondsPerStep: Rounds
  readonly counts: StepCounts
  /** In the order in which a step runs them. */
  readonly kernels: readonly ProfiledKernel[]
}

/**
 * Profiles a training run, in turns with the same number of steps that are not profiled. Work is counted over the steps of the
 * first profiled round, after as many steps of warm-up.
 *
 * @param progress called with a text when something has been measured; throws to stop
 */
export async function profileRun(
  engine: Engine,
  dataset: Dataset,
  config: TrainConfig,
  { rounds: mostRounds, secondsPerRound }: Effort,
  progress: (text: string) => void,
): Promise<ProfiledRun> {
  const { spec } = prepareRun(dataset, config)
  const fit = await engine.fit(spec)
  try {
    if (!canProfile(fit)) throw new Error(`the engine ${engine.name} does not profile its runs`)
    progress('warming up')
    const unit = Math.min(isLazy(spec) ? fit.stepsAtOnce : 1, fit.stepsPerEpoch)
    const seconds = await warmUp(fit, unit)
    const affordable = Math.max(1, Math.floor(secondsPerRound / (seconds * unit))) * unit
    const steps = affordable >= fit.stepsPerEpoch ? fit.stepsPerEpoch : affordable
    const rounds = roundsWithin(mostRounds, secondsPerRound, seconds * steps)
    // An epoch begins with a horizon of its own, so that rounds of whole epochs begin where one does.
    const before = steps === fit.stepsPerEpoch ? fit.stepsPerEpoch - (fit.step % fit.stepsPerEpoch) : 0
    await fit.steps(before)
    const first = fit.step
    const profiles: Profile[] = []
    const sides = {
      profiled: async () => {
        profiles.push(await fit.profile(steps))
        return 0
      },
      plain: async () => {
        const begin = performance.now()
        await fit.steps(steps)
        return (performance.now() - begin) / steps
      },
    }
    const measured = await interleave(sides, rounds, (side, round) =>
      progress(`round ${round + 1} of ${rounds}: ${side}`),
    )
    progress('counting')
    const habits =
      engine.name === 'wasm'
        ? ({ window: windowSteps(spec), carries: 'toHorizonEnd' } as const)
        : ({ window: 1, carries: 'nowhere' } as const)
    const counts = countSteps(spec, { first, count: steps, horizon: fit.stepsAtOnce, ...habits })
    const kernels = kernelsOf(profiles).map(({ kernel, callsPerStep, milliseconds }) => {
      const work = workOf(engine.name, kernel, counts)
      return { kernel, callsPerStep, milliseconds, ...(work !== undefined && { work }) }
    })
    return { steps, clock: profiles[0]?.clock ?? 'host', millisecondsPerStep: measured.plain, counts, kernels }
  } finally {
    fit.close()
  }
}

/** Fewer rounds where the least there is to measure takes far longer than a round may, as on software adapters; one at least. */
function roundsWithin(mostRounds: number, secondsPerRound: number, seconds: number): number {
  return Math.max(1, Math.min(mostRounds, Math.floor((3 * mostRounds * secondsPerRound) / seconds)))
}

/** Returns the seconds of a step, by a second go of what the first compiled and allocated. */
async function warmUp(fit: ProfiledFit, unit: number): Promise<number> {
  await fit.profile(unit)
  const begin = performance.now()
  await fit.profile(unit)
  return (performance.now() - begin) / 1000 / unit
}

/** Every kernel's milliseconds a step by rounds; 0 in a round that did without it. */
function kernelsOf(profiles: readonly Profile[]): Omit<ProfiledKernel, 'work'>[] {
  const names = [...new Set(profiles.flatMap(({ kernels }) => kernels.map(({ kernel }) => kernel)))]
  return names.map((name) => {
    const found = profiles.map(({ kernels, steps }) => {
      const { calls, milliseconds } = kernels.find(({ kernel }) => kernel === name) ?? { calls: 0, milliseconds: 0 }
      return { calls: calls / steps, milliseconds: milliseconds / steps }
    })
    return {
      kernel: name,
      callsPerStep: summary(found.map(({ calls }) => calls)).median,
      milliseconds: summary(found.map(({ milliseconds }) => milliseconds)),
    }
  })
}

function isLazy({ optimizer }: FitSpec): boolean {
  return optimizer.kind === 'adam' && optimizer.update === 'lazy'
}
