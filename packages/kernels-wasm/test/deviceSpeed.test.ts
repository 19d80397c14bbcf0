import { afterAll, expect, test } from 'vitest'
import { blockBytes, writeBlock } from '../src/block.ts'
import { openWasmEngine } from '../src/index.ts'
import { addressesFrom, layOut } from '../src/layout.ts'
import { blocks } from '../src/wasm.generated.ts'
import { WasmDevice } from '../src/wasmDevice.ts'

const engine = await openWasmEngine({ threads: 2 })
const device = await WasmDevice.open({ threads: 3 })
afterAll(async () => {
  await engine.close()
  await device.close()
})

const open = async (bytes: number) => {
  const layout = layOut({
    block: blockBytes(blocks.SpeedBlock),
    original: bytes,
    duplicate: bytes,
    results: 64 * device.threads,
  })
  const at = addressesFrom(device.memory.allocate(layout.bytes, 'a test').address, layout)
  const { original, duplicate, results } = at
  const values = { original, duplicate, results, bytes, repeats: 2, ...device.teamFields }
  writeBlock(device.memory, at.block, blocks.SpeedBlock, values)
  return at
}

test('what is measured as a copy is one, whoever copies which part', async () => {
  const bytes = 128 * 7
  const at = await open(bytes)
  const values = Uint32Array.from({ length: bytes / 4 }, (_, n) => n + 1)
  device.memory.words(at.original, values.length).set(values)
  await device.run('copyRepeatedly', at.block)
  expect(device.memory.words(at.duplicate, values.length).slice()).toEqual(values)
})

test('what is measured as arithmetic is ten times x ← x / 2 + b', async () => {
  const at = await open(128)
  await device.run('multiplyAdd', at.block)
  for (let thread = 0; thread < 3; thread++) {
    const b = thread + 1
    const found = device.memory.floats(at.results + 64 * thread, 4).slice()
    const expected = [1, 2, 3, 4].map((first) => {
      let sum = 0
      for (let n = 0; n < 10; n++) sum += ((first + n * b) / 2 + b) / 2 + b
      return sum
    })
    expect([...found]).toEqual(expected)
  }
})

test('copies and arithmetic have a speed', async () => {
  const copy = await engine.measureCopy(1000, { rounds: 2 })
  const arithmetic = await engine.measureArithmetic({ rounds: 2 })
  for (const speed of [copy.bytesPerSecond, arithmetic.operationsPerSecond]) {
    expect(speed).toBeGreaterThan(0)
    expect(speed).toBeLessThan(Infinity)
  }
  expect(copy.milliseconds).toHaveLength(2)
  await expect(engine.measureCopy(0)).rejects.toThrow('more than 0')
})
