import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Checkpoint, TrainConfig } from '@gradrec/core'
import { loadCheckpoint } from '@gradrec/model-files/node'
import type { GivenSettings } from '../settings/given.ts'
import { wrongValue } from '../settings/resolveSettings.ts'
import { RunFolder } from './runFolder.ts'

/** A run that goes on in its folder. */
export interface ResumedRun {
  readonly folder: RunFolder
  /** `undefined` where the run was stopped before its first one: it begins again. */
  readonly checkpoint: Checkpoint | undefined
  /** When it first began; `undefined` where its `config.json` does not say. */
  readonly started: string | undefined
}

/**
 * Reads what a stopped run left.
 *
 * @throws UsageError for fewer epochs than it already has, ModelFileError for a damaged checkpoint, WriteError where the run is
 *   still alive in another process
 */
export async function resumedRun(path: string, config: TrainConfig, given: GivenSettings): Promise<ResumedRun> {
  const folder = await RunFolder.reopen(path)
  try {
    const file = folder.pathOf('checkpoint')
    const checkpoint = existsSync(file) ? await loadCheckpoint(file) : undefined
    if (checkpoint !== undefined && checkpoint.epoch > config.epochs) {
      const expected = `${checkpoint.epoch} or more, since the run has ${checkpoint.epoch}`
      throw wrongValue(given, 'epochs', config.epochs, expected)
    }
    const { started } = JSON.parse(await readFile(folder.pathOf('config'), 'utf8')) as { readonly started?: unknown }
    return { folder, checkpoint, started: typeof started === 'string' ? started : undefined }
  } catch (error) {
    await folder.close()
    throw error
  }
}

/** Why a run has nothing left to train, in words; `undefined` for one that has. */
export function whyFinished({ epoch, best }: Checkpoint, { epochs, patience }: TrainConfig): string | undefined {
  if (patience > 0 && best.validationsSinceBest >= patience) {
    return `the run stopped after epoch ${epoch}, since validation got no better`
  }
  return epoch >= epochs ? `the run has all its ${epochs} epochs (more with --epochs)` : undefined
}
