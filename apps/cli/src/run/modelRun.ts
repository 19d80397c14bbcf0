import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { methodOf, withDials, type Dials, type Model } from '@gradrec/core'
import { loadModel } from '@gradrec/model-files/node'
import { UsageError } from '../errors.ts'
import { flagOf } from '../settings/trainSettings.ts'
import { RUN_FILES } from './runFolder.ts'

/** Where a trained model and what belongs to it lies. */
export interface ModelRun {
  /** As it was given on the command line. */
  readonly name: string
  readonly modelPath: string
  /** Where the model's file is: results about it are written there. */
  readonly folder: string
  /** The run's `config.json`, where there is one beside the model. */
  readonly configPath?: string
}

/**
 * The run that a command's word stands for, a folder or a model's file. Nothing is read yet.
 *
 * @param command how it is called, for messages: `gradrec tune`
 * @throws UsageError where there is no word, nothing of that name, or no model
 */
export function modelRunOf(word: string | boolean | undefined, command: string): ModelRun {
  if (typeof word !== 'string' || word === '') {
    throw new UsageError(`no model is named; expected ${command} <run’s folder or model.safetensors>`)
  }
  if (!existsSync(word)) {
    const inRuns = join('runs', word)
    const advice = existsSync(inRuns) ? `did you mean ${inRuns}?` : 'gradrec train makes runs, in runs/'
    throw new UsageError(`"${word}" is neither a run’s folder nor a model’s file; ${advice}`)
  }
  const isFolder = statSync(word).isDirectory()
  const folder = isFolder ? word : dirname(word)
  const modelPath = isFolder ? join(word, RUN_FILES.model) : word
  if (!existsSync(modelPath)) {
    const isUnfinished = existsSync(join(folder, RUN_FILES.checkpoint))
    const why = isUnfinished
      ? `its training is not done: go on with gradrec train --resume ${word}`
      : 'expected a run’s folder'
    throw new UsageError(`"${word}" holds no ${RUN_FILES.model}; ${why}`)
  }
  const configPath = join(folder, RUN_FILES.config)
  return { name: word, modelPath, folder, ...(existsSync(configPath) && { configPath }) }
}

/** Reads the model, and turns its dials where flags say so. */
export async function modelOfRun({ modelPath }: ModelRun, dials: Dials = {}): Promise<Model> {
  const model = await loadModel(modelPath)
  const given = Object.keys(dials)
  if (given.length === 0) return model
  const known = methodOf(model.config.method).dials
  for (const name of given) {
    if (Object.hasOwn(known, name)) continue
    throw new UsageError(
      `--${flagOf(name)} means nothing with method ${model.config.method.kind}, which has no such dial`,
    )
  }
  return withDials(model, { ...model.dials, ...dials })
}
