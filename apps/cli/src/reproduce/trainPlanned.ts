import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AbortedError, type TrainEvent } from '@gradrec/core'
import type { Engine } from '@gradrec/engine'
import { percent } from '../output/formatNumbers.ts'
import { evaluateInFolder } from '../run/evaluateInFolder.ts'
import { resumedRun, type ResumedRun } from '../run/resumedRun.ts'
import { RUN_FILES, RunFolder } from '../run/runFolder.ts'
import { aboutRun, trainInFolder } from '../run/trainInFolder.ts'
import type { PlannedRun } from './plan.ts'

export interface TrainPlannedOptions {
  readonly engine: Engine
  readonly signal: AbortSignal
  now(): Date
  onEvent(event: TrainEvent): void
  /** Called with what is done after training. */
  onStep(what: string): void
}

/**
 * Trains and evaluates one run of a plan as `gradrec train` does, in its folder of the cache, from where it was stopped.
 *
 * @throws AbortedError when stopped: its checkpoint is kept, and the next attempt goes on from there
 */
export async function trainPlanned(
  { asked, folder: path, dataset }: PlannedRun,
  { engine, signal, now, onEvent, onStep }: TrainPlannedOptions,
): Promise<void> {
  const { request } = asked
  const resumed = await goingOn(path, asked)
  const folder = resumed?.folder ?? (await RunFolder.create(dirname(path), basename(path)))
  try {
    const about = await aboutRun(request, dataset, engine, resumed?.started ?? now().toISOString())
    const from = { isResumed: resumed !== undefined, checkpoint: resumed?.checkpoint }
    const run = { request, dataset, engine, folder, ...from, about, now }
    const { model } = await trainInFolder(run, { signal, onEvent })
    if (model.stopped === 'aborted') throw new AbortedError('training')
    await evaluateInFolder(run, model, {
      onTuning: (share) => onStep(`tuning the dials · ${percent(share)}`),
      onDials: () => {},
      onEvaluating: onStep,
    })
  } finally {
    await folder.close()
  }
}

/** The run that is there to go on with; one that was killed before it had written its settings begins again. */
async function goingOn(path: string, { request }: PlannedRun['asked']): Promise<ResumedRun | undefined> {
  if (!existsSync(path)) return undefined
  if (existsSync(join(path, RUN_FILES.config))) return resumedRun(path, request.chosen.config, request.given)
  return { folder: await RunFolder.reopen(path), checkpoint: undefined, started: undefined }
}
