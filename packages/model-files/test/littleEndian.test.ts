import { expect, it } from 'vitest'
import { littleEndianBytes, numbersOf, withBytesReversed } from '../src/littleEndian.ts'

it('lays numbers out lowest byte first', () => {
  expect([...littleEndianBytes(Uint32Array.of(0x01020304))]).toEqual([4, 3, 2, 1])
  expect([...littleEndianBytes(Float64Array.of(1))]).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
})

it('reads numbers at any place, also of a Node Buffer, and copies only where it must', () => {
  const bytes = new Uint8Array([9, ...littleEndianBytes(Float32Array.of(1, -2.5)), 0, 0, 0])
  for (const source of [bytes, Buffer.from(bytes.buffer)]) {
    const numbers = numbersOf(Float32Array, source.subarray(1, 9))
    expect([...numbers]).toEqual([1, -2.5])
    expect(numbers.buffer).not.toBe(bytes.buffer)
    expect(numbersOf(Uint32Array, source.subarray(4, 12)).buffer).toBe(bytes.buffer)
  }
})

it('reverses the bytes of each element for machines that work the other way, leaving the original', () => {
  for (const bytes of [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Buffer.of(1, 2, 3, 4, 5, 6, 7, 8)]) {
    expect([...withBytesReversed(bytes, 4)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
    expect([...withBytesReversed(bytes, 1)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  }
})
