import { describe, expect, it } from 'vitest'
import { initialTable, type Initialisation } from '../src/index.ts'

const shape = { users: 300, items: 50, dimension: 32 }

describe('initialTable', () => {
  it('is decided by the seed', () => {
    const table = initialTable(shape, { kind: 'xavier' }, 7)
    expect(table).toEqual(initialTable(shape, { kind: 'xavier' }, 7))
    expect(table).not.toEqual(initialTable(shape, { kind: 'xavier' }, 8))
    expect(table).toHaveLength(350 * 32)
  })

  it('xavier bounds users and items by their own number of rows', () => {
    const table = initialTable(shape, { kind: 'xavier' }, 1)
    expect(largest(table.subarray(0, 300 * 32))).toBeCloseTo(Math.sqrt(6 / 332), 3)
    expect(largest(table.subarray(300 * 32))).toBeCloseTo(Math.sqrt(6 / 82), 2)
  })

  it.each<{ initialisation: Initialisation; sd: number }>([
    { initialisation: { kind: 'uniform' }, sd: 1 / Math.sqrt(32 * 3) },
    { initialisation: { kind: 'normal', sd: 0.1 }, sd: 0.1 },
  ])('$initialisation has mean 0 and standard deviation $sd', ({ initialisation, sd }) => {
    const table = initialTable(shape, initialisation, 3)
    const mean = table.reduce((sum, x) => sum + x, 0) / table.length
    const deviation = Math.sqrt(table.reduce((sum, x) => sum + x * x, 0) / table.length)
    expect(Math.abs(mean)).toBeLessThan((4 * sd) / Math.sqrt(table.length))
    expect(deviation / sd).toBeCloseTo(1, 1)
  })
})

function largest(values: Float32Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}
