import { expect, test } from 'vitest'
import { originOfLine, packUniform } from '../src/shader.ts'

test('uniforms are packed field by field, four bytes each', () => {
  const packed = packUniform({ count: 'u32', rate: 'f32', seed: 'u32' }, { count: 3, rate: 0.5, seed: 0xfedcba98 })
  expect([...new Uint8Array(packed)]).toEqual([3, 0, 0, 0, 0, 0, 0, 63, 0x98, 0xba, 0xdc, 0xfe])
})

test('lines are traced to the file they came from', () => {
  const shader = {
    file: 'kernels/a.wgsl',
    origins: [
      [1, 'kernels/a.wgsl', 1],
      [3, 'wgsl/b.wgsl', 1],
      [9, 'kernels/a.wgsl', 4],
    ],
  } as const
  expect([1, 2, 3, 8, 9, 12].map((line) => originOfLine(shader, line))).toEqual([
    'kernels/a.wgsl:1',
    'kernels/a.wgsl:2',
    'wgsl/b.wgsl:1',
    'wgsl/b.wgsl:6',
    'kernels/a.wgsl:4',
    'kernels/a.wgsl:7',
  ])
})
