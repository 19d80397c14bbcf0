import { initialTable } from '@gradrec/core'
import { checkMemory, MemoryError, type Csr, type Engine, type Fit, type MemoryPlan } from '@gradrec/engine'
import { summary, type Rounds } from '../interleave.ts'
import { distinctRowsOfStep } from './distinctRows.ts'
import { checkHostMemory, HostMemoryError } from './hostMemory.ts'
import { scaleRun, scaleShape, type ScaleAxis, type ScaleBackbone, type ScaleSize } from './scaleShape.ts'

/** How long rounds are and how many. */
export interface ScaleEffort {
  readonly rounds: number
  readonly secondsPerRound: number
}

/** A size at which one backbone was trained for some steps, or was refused. */
export interface ScalePoint extends ScaleSize {
  readonly axis: ScaleAxis
  readonly backbone: ScaleBackbone
  /** By the engine's plan, and what the host holds besides: `MemoryPlan`. */
  readonly planned: Pick<MemoryPlan, 'bytes' | 'parts' | 'host'>
  /** Bytes of the trained table alone: what a cache would have to hold. */
  readonly tableBytes: number
  readonly outcome: ScaleTiming | ScaleRefusal
}

export interface ScaleTiming {
  readonly kind: 'trained'
  readonly stepsPerEpoch: number
  /** Steps that one round took. */
  readonly stepsPerRound: number
  readonly secondsPerStep: Rounds
  /** From the median round. An interaction is one positive with its negatives, trained on once. */
  readonly nsPerInteraction: number
  readonly nsPerTriple: number
  /** Rows of the table that a step touches on average: `distinctRowsOfStep`. */
  readonly distinctRows: number
  /** Of LightGCN, which propagates over all interactions at every step: a step by the interactions there are. */
  readonly nsPerEdge: number | undefined
  /** Steps of an epoch times the seconds of one; an epoch of lazy updates ends with bringing all rows up to date, not counted here. */
  readonly secondsPerEpoch: number
  /** Until the first steps were done. */
  readonly setupSeconds: number
  /** Of the process, before the engine took anything and after training. */
  readonly residentBytes: { readonly before: number; readonly after: number }
}

export interface ScaleRefusal {
  readonly kind: 'refused'
  /** The sum, the limit, and what to do. */
  readonly reason: string
}

/** What a point takes: with its refusal if it does not fit the engine or this machine, and without an outcome if it does. */
export function planPoint(
  engine: Engine,
  axis: ScaleAxis,
  backbone: ScaleBackbone,
  size: ScaleSize,
): Omit<ScalePoint, 'outcome'> | ScalePoint {
  const shape = scaleShape(backbone, size)
  const plan = engine.memoryPlan(shape)
  const { bytes, parts, host } = plan
  const tableBytes = 4 * (size.users + size.items) * shape.dimension
  const point = { ...size, axis, backbone, planned: { bytes, parts, host }, tableBytes }
  try {
    checkMemory(plan)
    checkHostMemory(engine, backbone, size, plan)
    return point
  } catch (error) {
    if (!(error instanceof MemoryError || error instanceof HostMemoryError)) throw error
    return { ...point, outcome: { kind: 'refused', reason: error.message } }
  }
}

/** All rounds of a point together take no longer than so many rounds should; a step that alone does is measured once. */
const MOST_ROUNDS_OVER = 20

/**
 * Trains some steps of a point after warm-up.
 *
 * @param progress called between measurements; throws to stop
 */
export async function timePoint(
  engine: Engine,
  backbone: ScaleBackbone,
  interactions: Csr,
  effort: ScaleEffort,
  progress: (text: string) => void,
): Promise<ScaleTiming> {
  const { rows: users, columnCount: items, columns } = interactions
  const run = scaleRun(backbone, columns.length)
  const table = initialTable({ users, items, dimension: run.dimension }, { kind: 'xavier' }, 1)
  const before = process.memoryUsage().rss
  const begin = performance.now()
  const fit = await engine.fit({ ...run, interactions, seed: 1, initialTable: table })
  try {
    // Lazy updates plan a horizon at a time, and a part of one costs more for its length.
    const unit = backbone === 'mf' ? Math.min(fit.stepsAtOnce, fit.stepsPerEpoch) : 1
    await fit.steps(unit)
    const setupSeconds = (performance.now() - begin) / 1000
    const first = await secondsPerStep(fit, unit)
    const stepsPerRound = Math.max(1, Math.floor(effort.secondsPerRound / first / unit)) * unit
    const count = roundsWithin(effort, first * stepsPerRound)
    const values: number[] = []
    for (let round = 0; round < count; round++) {
      progress(`round ${round + 1} of ${count}`)
      values.push(await secondsPerStep(fit, stepsPerRound))
    }
    const rounds = summary(values)
    const trained = Math.min(run.batch, columns.length)
    const nsPerInteraction = (1e9 * rounds.median) / trained
    return {
      kind: 'trained',
      stepsPerEpoch: fit.stepsPerEpoch,
      stepsPerRound,
      secondsPerStep: rounds,
      nsPerInteraction,
      nsPerTriple: nsPerInteraction / run.sampler.negatives,
      distinctRows: distinctRowsOfStep(interactions, trained, run.sampler.negatives),
      nsPerEdge: backbone === 'lgn' ? (1e9 * rounds.median) / columns.length : undefined,
      secondsPerEpoch: rounds.median * fit.stepsPerEpoch,
      setupSeconds,
      residentBytes: { before, after: process.memoryUsage().rss },
    }
  } finally {
    fit.close()
  }
}

/** How many rounds of so many seconds each a point gets: at least one, at most the effort's. */
export function roundsWithin({ rounds, secondsPerRound }: ScaleEffort, seconds: number): number {
  return Math.max(1, Math.min(rounds, Math.floor((MOST_ROUNDS_OVER * secondsPerRound) / seconds)))
}

async function secondsPerStep(fit: Fit, steps: number): Promise<number> {
  const begin = performance.now()
  const { steps: done } = await fit.steps(steps)
  return (performance.now() - begin) / 1000 / done
}
