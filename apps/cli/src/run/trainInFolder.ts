import { train, type Checkpoint, type Model, type TrainConfig, type TrainEvent } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { GradrecError, type DeviceInfo, type Engine } from '@gradrec/engine'
import { datasetFacts, type DatasetFacts } from '../output/datasetFacts.ts'
import { repeatableSettings } from '../settings/repeatableSettings.ts'
import type { SettingValues } from '../settings/trainSettings.ts'
import { versions, type Versions } from './provenance.ts'
import type { RunFolder } from './runFolder.ts'
import type { TrainRequest } from './trainRequest.ts'

/** What was asked for, as far as training in a folder is concerned. */
export type FolderRequest = Pick<TrainRequest, 'settings' | 'ofMethods' | 'source' | 'chosen' | 'dials'>

/** A training run, its data and engine there, in the folder that keeps it. */
export interface FolderRun {
  readonly request: FolderRequest
  readonly dataset: Dataset
  readonly engine: Engine
  readonly folder: RunFolder
  /** Whether another process began it. */
  readonly isResumed: boolean
  /** Where the run goes on from; `undefined` for one that has to begin at the beginning. */
  readonly checkpoint: Checkpoint | undefined
  readonly about: AboutRun
  now(): Date
}

/** What `config.json` says besides the settings. */
export interface AboutRun {
  readonly dataset: DatasetFacts
  readonly recipe: string
  readonly engine: string
  readonly device: DeviceInfo
  readonly versions: Versions
  /** When the run first began. */
  readonly started: string
}

/** @param started when the run first began */
export async function aboutRun(
  { chosen }: FolderRequest,
  dataset: Dataset,
  engine: Engine,
  started: string,
): Promise<AboutRun> {
  const provenance = { dataset: datasetFacts(dataset), recipe: chosen.recipe.name }
  return { ...provenance, engine: engine.name, device: engine.device, versions: await versions(), started }
}

export interface TrainedRun {
  /** Stopped as its `stopped` says; its dials are off. */
  readonly model: Model
  /** Whole epochs in the latest checkpoint; 0 without one. */
  readonly savedEpoch: number
}

/**
 * Trains in a folder, from its checkpoint on where there is one: keeps `config.json`, every event and checkpoints, so that the run can
 * go on after a stop at any moment. The model itself is written by `evaluateInFolder`.
 *
 * @param watch `signal` stops between chunks of steps; `onEvent` hears of every event
 */
export async function trainInFolder(
  run: FolderRun,
  watch: { readonly signal: AbortSignal; readonly onEvent: (event: TrainEvent) => void },
): Promise<TrainedRun> {
  const { request, dataset, engine, folder, checkpoint } = run
  const { config } = request.chosen
  if (run.isResumed) folder.logEvent({ type: 'resume', epoch: checkpoint?.epoch ?? 0, engine: engine.name }, run.now())
  else for (const repair of dataset.repairs) folder.logEvent({ type: 'repair', ...repair }, run.now())
  await writeConfig(run, config)
  let savedEpoch = checkpoint?.epoch ?? 0
  try {
    const training = train(dataset, config, engine, {
      signal: watch.signal,
      ...(checkpoint && { resume: checkpoint }),
      checkpoints: {
        save: (saved) => folder.writeCheckpoint(saved),
        everySeconds: request.settings.checkpointEvery ?? 30,
      },
    })
    for (;;) {
      const next = await training.next()
      if (next.done) {
        // A setting that was mended was not trained with: the file that repeats the run says what was.
        await writeConfig(run, next.value.config)
        return { model: next.value, savedEpoch }
      }
      folder.logEvent(next.value, run.now())
      if (next.value.type === 'checkpoint') savedEpoch = next.value.epoch
      watch.onEvent(next.value)
    }
  } catch (error) {
    const code = error instanceof GradrecError ? error.code : 'E_UNEXPECTED'
    folder.logEvent({ type: 'error', code, message: error instanceof Error ? error.message : String(error) }, run.now())
    throw error
  }
}

/** The settings with which this run can be given again. */
export function settingsOfRun({ request }: Pick<FolderRun, 'request'>, trained: TrainConfig): SettingValues {
  return repeatableSettings(request, request.source.kind, trained)
}

async function writeConfig(run: FolderRun, trained: TrainConfig): Promise<void> {
  await run.folder.writeJson('config', { settings: settingsOfRun(run, trained), ...run.about })
}
