import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkMemory,
  describeParts,
  formatBytes,
  hostParts,
  interactionShape,
  largestProblem,
  memoryExcess,
  MemoryError,
  memoryPlan,
  type FitShape,
  type MemoryLimit,
  type MemoryPlan,
} from '../src/index.ts'
import { good } from './goodSpec.ts'

const GIB = 2 ** 30
const total = (bytes: number): MemoryLimit => ({ bounds: 'total', bytes, reason: 'a test allows' })
const perPart = (bytes: number): MemoryLimit => ({ bounds: 'part', bytes, reason: 'a buffer holds' })

function plan(...limits: MemoryLimit[]): MemoryPlan {
  return memoryPlan({
    engine: 'a test',
    parts: [
      { name: 'the plan', bytes: GIB, remedy: 'a smaller batch' },
      { name: 'the table', bytes: 4 * GIB, remedy: 'a smaller dimension' },
      { name: 'nothing', bytes: 0 },
      { name: 'the plan', bytes: GIB, remedy: 'a smaller batch' },
      { name: 'the block', bytes: 1000 },
    ],
    host: [],
    limits,
  })
}

test('a plan adds up, and leaves out what takes nothing', () => {
  expect(plan().bytes).toBe(6 * GIB + 1000)
  expect(plan().parts.map(({ name }) => name)).not.toContain('nothing')
  expect(describeParts(plan())).toBe('the table 4.0 GiB + the plan 2.0 GiB + the rest 1000 bytes')
})

describe('limits', () => {
  test('bound the total, or the largest part', () => {
    expect(memoryExcess(plan(total(7 * GIB), perPart(4 * GIB)))).toBeUndefined()
    expect(memoryExcess(plan(total(6 * GIB)))).toMatchObject({ part: undefined, needed: 6 * GIB + 1000 })
    // Two parts of one name are two buffers.
    expect(memoryExcess(plan(perPart(1.5 * GIB)))).toMatchObject({ part: { name: 'the table' }, needed: 4 * GIB })
  })

  test('what goes beyond them is refused with the sum and what to do', () => {
    expect(() => checkMemory(plan(total(7 * GIB)))).not.toThrow()
    const refused = (limit: MemoryLimit): unknown => {
      try {
        checkMemory(plan(limit))
      } catch (error) {
        return error
      }
      return undefined
    }
    expect(refused(total(5 * GIB))).toMatchObject({
      name: 'MemoryError',
      code: 'E_LIMIT',
      needed: 6 * GIB + 1000,
      available: 5 * GIB,
      message:
        'this training run needs 6.0 GiB, more than the 5.0 GiB that a test allows: the table 4.0 GiB + the plan 2.0 GiB + ' +
        'the rest 1000 bytes = 6.0 GiB; use a smaller dimension, or a smaller batch, or another engine',
    })
    expect(refused(perPart(2 * GIB))).toMatchObject({
      needed: 4 * GIB,
      message:
        'this training run needs 4.0 GiB for the table, more than the 2.0 GiB that a buffer holds: in all the table 4.0 GiB + ' +
        'the plan 2.0 GiB + the rest 1000 bytes = 6.0 GiB; use a smaller dimension, or another engine',
    })
    expect(refused(total(5 * GIB))).toBeInstanceOf(MemoryError)
  })
})

test('the host builds a graph for LightGCN alone', () => {
  const shape: FitShape = { ...good, interactions: interactionShape(1000, 100, 50_000) }
  const names = (of: FitShape): string[] => hostParts(of).map(({ name }) => name)
  expect(names(shape)).toEqual(['the user of every interaction, while it is written'])
  expect(names({ ...shape, backbone: { kind: 'lgn', layers: 2 } })).toContain('the graph, while it is built')
})

test('sizes are written with two digits or three', () => {
  expect([0, 1023, 1024, 10 * 1024, 1.5 * GIB, 212 * 2 ** 20].map(formatBytes)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1.0 KiB',
    '10 KiB',
    '1.5 GiB',
    '212 MiB',
  ])
})

test('the largest problem is the last that fits', () => {
  const { interactions: _, ...run } = good
  const shapeOf = (size: number): FitShape => ({ ...run, interactions: interactionShape(size, 1, size) })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 0, max: 2 ** 40 }),
      (bytesEach, fixed, limit) => {
        const planOf = ({ interactions }: FitShape): MemoryPlan =>
          memoryPlan({
            engine: 'a test',
            parts: [{ name: 'all', bytes: fixed + bytesEach * interactions.columns.length }],
            host: [],
            limits: [total(limit)],
          })
        const expected = Math.max(0, Math.min(0xffffffff, Math.floor((limit - fixed) / bytesEach)))
        expect(largestProblem(planOf, shapeOf)).toBe(expected)
        expect(largestProblem(planOf, shapeOf, 100)).toBe(Math.min(100, expected))
      },
    ),
  )
})
