import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ModelFileError } from '../../src/index.ts'
import { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from '../../src/node/index.ts'
import { tinyConfig, trainedRun } from '../trainedRun.ts'
import { temporaryFolder } from './temporaryFolder.ts'

it('saves and loads models and checkpoints, and refuses what was cut short', async () => {
  const { model, checkpoints } = await trainedRun(tinyConfig('gradient', 'lgn'))
  const folder = await temporaryFolder()
  const [modelPath, checkpointPath] = [join(folder, 'model.safetensors'), join(folder, 'checkpoint.safetensors')]
  await saveModel(modelPath, model)
  const loaded = await loadModel(modelPath)
  expect(loaded.vectors).toStrictEqual(model.vectors)
  expect(loaded.trained).toStrictEqual(model.trained)
  const again = join(folder, 'again.safetensors')
  await saveModel(again, loaded)
  expect(await readFile(again)).toEqual(await readFile(modelPath))
  const checkpoint = checkpoints.at(-1)!
  await saveCheckpoint(checkpointPath, checkpoint)
  expect(await loadCheckpoint(checkpointPath)).toStrictEqual(checkpoint)
  await expect(loadModel(checkpointPath)).rejects.toThrow(`${checkpointPath}: in the metadata, kind is "checkpoint"`)
  const { length } = await readFile(modelPath)
  for (const share of [0.999, 0.5, 0.01, 0]) {
    await truncate(modelPath, Math.floor(length * share))
    await expect(loadModel(modelPath)).rejects.toThrow(ModelFileError)
  }
  await writeFile(modelPath, 'not a model')
  await expect(loadModel(modelPath)).rejects.toThrow(ModelFileError)
})
