import { describe, expect, it } from 'vitest'
import { throughUnitRows, unitRows } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

describe('unitRows', () => {
  it('divides rows by their length and leaves rows of zeros', () => {
    expect([...unitRows(Float64Array.of(3, 4, 0, 0, 0, -2), 2)]).toEqual([0.6, 0.8, 0, 0, 0, -1])
  })
})

describe('throughUnitRows', () => {
  it('is the gradient through the norm', () => {
    const [rows, by] = [Float64Array.from(normalTable(12, 0.6, 1)), Float64Array.from(normalTable(12, 1, 2))]
    const f = (x: Float64Array): number => unitRows(x, 4).reduce((sum, value, at) => sum + value * by[at]!, 0)
    expect(gradientError(throughUnitRows(rows, by, 4), finiteDifference(f, rows))).toBeLessThan(1e-6)
  })

  it('keeps nothing along the row, and nothing for a row of zeros', () => {
    expect([...throughUnitRows(Float64Array.of(0, 2, 0, 0), Float64Array.of(6, 5, 1, 1), 2)]).toEqual([3, 0, 0, 0])
  })
})
