import type { Checkpoint, Model } from '@gradrec/core'
import { decodeCheckpoint, encodeCheckpoint } from '../checkpointFile.ts'
import { decodeModel, encodeModel } from '../modelFile.ts'
import { safetensorsChunks } from '../safetensors.ts'
import { readSafetensors } from './readSafetensors.ts'
import { writeFileAtomically } from './writeFileAtomically.ts'

/** Writes a model as one safetensors file, whole or not at all. Throws `ModelFileError` where it cannot be written. */
export async function saveModel(path: string, model: Model): Promise<void> {
  await writeFileAtomically(path, safetensorsChunks(path, encodeModel(model)))
}

/** Reads a model that `saveModel` wrote. Throws `ModelFileError` for anything else. */
export async function loadModel(path: string): Promise<Model> {
  return decodeModel(path, await readSafetensors(path))
}

/** Writes a checkpoint as one safetensors file, whole or not at all: a kill at any moment leaves the one before it. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomically(path, safetensorsChunks(path, encodeCheckpoint(checkpoint)))
}

/** Reads a checkpoint that `saveCheckpoint` wrote. Throws `ModelFileError` for anything else. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return decodeCheckpoint(path, await readSafetensors(path))
}
