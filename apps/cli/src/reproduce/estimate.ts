import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareRun, type TrainConfig } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { RUN_FILES } from '../run/runFolder.ts'
import { settingsOf } from '../settings/trainConfigOf.ts'
import { eventsIn, secondsPerEpochOf } from './runEvents.ts'

/** How long an epoch takes, and how that is known. */
export interface Estimate {
  readonly secondsPerEpoch: number
  /** `runs`: what earlier runs of the same settings took here, with validation. `steps`: some steps, timed. */
  readonly from: 'runs' | 'steps' | 'guess'
}

/** A run in the cache that has trained an epoch or more. */
export interface PastRun {
  readonly settings: Readonly<Record<string, unknown>>
  readonly dataHash: string
  /** Name of the engine and of its device. */
  readonly computedBy: string
  readonly secondsPerEpoch: number
}

/** What is guessed where nothing was timed: triples a second of one core, of a small machine's. */
const GUESSED_RATE = { mf: 1e6, lgn: 1e5 } as const

/** Settings that do not change how long an epoch takes, or only for the worse. */
const TIMELESS: ReadonlySet<string> = new Set(['seed', 'epochs', 'watch', 'patience', 'learningRate', 'l2'])

/** The runs of a cache, for what they took. */
export function pastRuns(cache: string): PastRun[] {
  let folders: string[]
  try {
    folders = readdirSync(cache, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return []
  }
  return folders.flatMap((folder) => {
    const secondsPerEpoch = secondsPerEpochOf(eventsIn(join(cache, folder)))
    const config = configIn(join(cache, folder))
    return secondsPerEpoch === undefined || config === undefined ? [] : [{ ...config, secondsPerEpoch }]
  })
}

function configIn(folder: string): Omit<PastRun, 'secondsPerEpoch'> | undefined {
  try {
    const { settings, dataset, engine, device } = JSON.parse(readFileSync(join(folder, RUN_FILES.config), 'utf8')) as {
      readonly settings: Readonly<Record<string, unknown>>
      readonly dataset: { readonly hash: string }
      readonly engine: string
      readonly device: { readonly name: string }
    }
    return { settings, dataHash: dataset.hash, computedBy: `${engine} ${device.name}` }
  } catch {
    return undefined
  }
}

/** What earlier runs of the same settings, with whatever seed, took on this engine; `undefined` without any. */
export function estimateFromRuns(
  config: TrainConfig,
  dataHash: string,
  computedBy: string,
  runs: readonly PastRun[],
): Estimate | undefined {
  const wanted = Object.entries(settingsOf(config)).filter(([key]) => !TIMELESS.has(key))
  const same = runs.filter(
    (run) =>
      run.dataHash === dataHash &&
      run.computedBy === computedBy &&
      wanted.every(([key, value]) => run.settings[key] === value),
  )
  if (same.length === 0) return undefined
  const sum = same.reduce((total, run) => total + run.secondsPerEpoch, 0)
  return { secondsPerEpoch: sum / same.length, from: 'runs' }
}

/** Times some steps of a training that is thrown away. Validation is not in it. */
export async function estimateFromSteps(config: TrainConfig, dataset: Dataset, engine: Engine): Promise<Estimate> {
  const { spec } = prepareRun(dataset, config)
  const fit = await engine.fit(spec)
  try {
    // Lazy updates plan many steps at a time, and a part of such a horizon costs more for its length.
    const isLazy = spec.optimizer.kind === 'adam' && spec.optimizer.update === 'lazy'
    const steps = Math.min(isLazy ? fit.stepsAtOnce : 2, fit.stepsPerEpoch)
    await fit.steps(isLazy ? steps : 1)
    let seconds = Infinity
    // The better of two: whatever else the machine does only adds.
    for (let round = 0; round < 2; round++) {
      const began = performance.now()
      await fit.steps(steps)
      seconds = Math.min(seconds, (performance.now() - began) / 1000)
    }
    return { secondsPerEpoch: (seconds / steps) * fit.stepsPerEpoch, from: 'steps' }
  } finally {
    fit.close()
  }
}

/** By the number of triples alone. */
export function guessedEstimate({ backbone, negatives }: TrainConfig, interactions: number): Estimate {
  return { secondsPerEpoch: (interactions * negatives) / GUESSED_RATE[backbone.kind], from: 'guess' }
}
