import { LimitError } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { LinearMemory } from '../src/linearMemory.ts'

test('regions do not overlap, are aligned and zero, and freed ones are used again', () => {
  const memory = new LinearMemory(false, 2 ** 20)
  const [a, b, c] = [1000, 70_000, 10].map((bytes) => memory.allocate(bytes, 'a test'))
  for (const region of [a!, b!, c!]) {
    expect(region.address % 64).toBe(0)
    expect(region.address).toBeGreaterThan(0)
    expect(memory.words(region.address, region.bytes / 4).every((word) => word === 0)).toBe(true)
    memory.words(region.address, region.bytes / 4).fill(0xffffffff)
  }
  expect(b!.address).toBeGreaterThanOrEqual(a!.address + 1000)
  expect(c!.address).toBeGreaterThanOrEqual(b!.address + 70_000)
  memory.free(b!)
  const again = memory.allocate(60_000, 'a test')
  expect(again.address).toBe(b!.address)
  expect(memory.words(again.address, again.bytes / 4).every((word) => word === 0)).toBe(true)
  expect(memory.words(c!.address, 1)[0]).toBe(0xffffffff)
})

test('what does not fit is refused with both numbers, before the memory grows', () => {
  const memory = new LinearMemory(false, 2 ** 20)
  const before = memory.memory.buffer.byteLength
  try {
    memory.allocate(2 ** 20, 'a test')
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(LimitError)
    expect((error as LimitError).needed).toBe(2 ** 20)
    expect((error as LimitError).available).toBe(2 ** 20 - 65_536)
    expect((error as Error).message).toMatch(
      /^a test needs 1\.0 MiB of WebAssembly memory; 960 KiB are left of the 1\.0 MiB/,
    )
  }
  expect(memory.memory.buffer.byteLength).toBe(before)
})

test('several gibibytes are placed without losing their addresses', () => {
  const memory = new LinearMemory(false)
  const before = memory.limit
  expect(before).toBe(65_535 * 65_536)
  expect(() => memory.allocate(before, 'a test')).toThrow(LimitError)
})
