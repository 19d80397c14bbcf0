import { completed, train, type Checkpoint, type Model } from '@gradrec/core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  decodeCheckpoint,
  decodeModel,
  decodeSafetensors,
  encodeCheckpoint,
  encodeModel,
  encodeSafetensors,
  ModelFileError,
} from '../src/index.ts'
import { dataset, engine, tinyConfig, trainedRun } from './trainedRun.ts'

const config = tinyConfig('gradient')
let model: Model
let checkpoints: readonly Checkpoint[]
beforeAll(async () => {
  ;({ model, checkpoints } = await trainedRun(config))
})

function written(checkpoint: Checkpoint): Checkpoint {
  return decodeCheckpoint('c', decodeSafetensors('c', encodeSafetensors('c', encodeCheckpoint(checkpoint))))
}

describe('a checkpoint file', () => {
  it('gives the same checkpoint back, bit for bit', async () => {
    expect(checkpoints).toHaveLength(4)
    for (const checkpoint of checkpoints) expect(written(checkpoint)).toStrictEqual(checkpoint)
    const { checkpoints: unvalidated } = await trainedRun({ ...config, evaluateEvery: 100 })
    expect(unvalidated[0]?.best.snapshot).toBeUndefined()
    expect(written(unvalidated[0]!)).toStrictEqual(unvalidated[0])
  })

  it('goes on like the checkpoint in memory', async () => {
    const inMemory = await completed(train(dataset, config, engine, { resume: checkpoints[1]! }))
    const resumed = await completed(train(dataset, config, engine, { resume: written(checkpoints[1]!) }))
    expect(resumed.trained).toEqual(inMemory.trained)
    expect(resumed.epoch).toBe(inMemory.epoch)
  })

  it('is not a model, and a model is no checkpoint', () => {
    expect(() => decodeModel('c', encodeCheckpoint(checkpoints[0]!))).toThrow('kind is "checkpoint"; expected "model"')
    expect(() => decodeCheckpoint('m', encodeModel(model))).toThrow('kind is "model"; expected "checkpoint"')
  })

  it.each<[string, string, RegExp]>([
    ['no table', 'fit.table', /no tensor "fit.table"/],
    ['half of the best model', 'best.embeddings.items', /no tensor "best.embeddings.items"/],
    ['half of its gradients', 'best.recorded.negative.users', /no tensor "best.recorded.negative.users"/],
  ])('is refused with %s', (_, name, message) => {
    const { tensors, metadata } = encodeCheckpoint(checkpoints[3]!)
    const decode = (): Checkpoint =>
      decodeCheckpoint('c', { tensors: new Map([...tensors].filter(([key]) => key !== name)), metadata })
    expect(decode).toThrow(ModelFileError)
    expect(decode).toThrow(message)
  })

  it('is refused with state of another length or kind', () => {
    const { tensors, metadata } = encodeCheckpoint(checkpoints[3]!)
    const short = new Map([...tensors, ['fit.m', { shape: [8], values: new Float32Array(8) }]] as const)
    expect(() => decodeCheckpoint('c', { tensors: short, metadata })).toThrow('c: "fit.m" has 8 numbers; expected 512')
    const whole = new Map([...tensors, ['fit.m', { shape: [512], values: new Uint32Array(512) }]] as const)
    expect(() => decodeCheckpoint('c', { tensors: whole, metadata })).toThrow('the numbers of "fit.m" are not float32')
  })
})
