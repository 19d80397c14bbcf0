import { dropoutScale, dropoutThreshold, isKept, keyOfSeed } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { NO_STEP, StepUniforms } from '../src/stepUniforms.ts'
import { dropRows } from '../src/wgsl.generated.ts'
import { testDevice } from './testDevice.ts'

const device = await testDevice({ gridWidth: 3 })

test.each([
  { dropout: 0, dimension: 4, layer: 1, step: 0, seed: 0 },
  { dropout: 0.5, dimension: 12, layer: 2, step: 1, seed: 7 },
  { dropout: 0.1, dimension: 512, layer: 16, step: 2 ** 31, seed: Number.MAX_SAFE_INTEGER },
  { dropout: 0.9999, dimension: 64, layer: 3, step: 12_345, seed: 2 ** 33 + 5 },
])('a mask keeps what the seam says, bit for bit: %j', async ({ dropout, dimension, layer, step, seed }) => {
  const rows = 37
  const { workgroupSize } = device.tuning
  const vectorCount = (rows * dimension) / 4
  const kernel = await device.kernel(dropRows, {
    vectors: dimension / 4,
    workgroupSize,
    vectorCount,
    maskLayer: layer,
    markWords: 2,
  })
  const isMarked = (row: number): boolean => row % 4 !== 1
  const buffers = {
    x: device.upload('ones', new Float32Array(rows * dimension).fill(1)),
    marks: device.upload('marks', Uint32Array.of(0xdddddddd, 0xdddddddd)),
    y: device.upload('masks', new Float32Array(rows * dimension).fill(-1)),
    dropout: device.uniform('dropout', dropRows.uniforms.dropout, {
      seedLow: seed >>> 0,
      seedHigh: Math.floor(seed / 2 ** 32),
      threshold: dropoutThreshold(dropout),
      scale: dropoutScale(dropout),
    }),
  }
  const dispatch = kernel.bind(buffers, Math.ceil(vectorCount / workgroupSize))
  const steps = new StepUniforms(device, 1)
  steps.write([{ ...NO_STEP, stamp: step + 1 }])
  device.submit((pass) => {
    steps.select(pass, 0)
    device.encode(pass, dispatch)
  })
  const expected = Float32Array.from({ length: rows * dimension }, (_, at) => {
    const [row, element] = [Math.floor(at / dimension), at % dimension]
    if (!isMarked(row)) return -1
    const kept = isKept(step, row, layer, element, dropoutThreshold(dropout), keyOfSeed(seed))
    return kept ? dropoutScale(dropout) : 0
  })
  expect(await device.readFloats(buffers.y, rows * dimension)).toEqual(expected)
})
