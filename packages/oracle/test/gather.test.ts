import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gather, scatterAdd } from '../src/index.ts'

const table = Float64Array.of(1, 2, 3, 4, 5, 6)

describe('gather', () => {
  it('copies the named rows in order', () => {
    expect([...gather(table, [2, 0, 2], 2)]).toEqual([5, 6, 1, 2, 5, 6])
    expect(gather(table, [], 2).length).toBe(0)
  })
})

describe('scatterAdd', () => {
  it('adds every update of a repeated row', () => {
    const target = table.slice()
    scatterAdd(target, [2, 0, 2], Float64Array.of(10, 20, 100, 200, 1000, 2000), 2)
    expect([...target]).toEqual([101, 202, 3, 4, 1015, 2026])
  })

  // ⟨gather(x), y⟩ = ⟨x, scatterAdd(0, y)⟩ for whole numbers, where sums are exact.
  it('is the transpose of gather', () => {
    const whole = fc.integer({ min: -1000, max: 1000 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), whole, whole)),
        fc.array(whole, { minLength: 10, maxLength: 10 }),
        (slots, x) => {
          const rows = slots.map(([row]) => row)
          const y = Float64Array.from(slots.flatMap(([, a, b]) => [a, b]))
          const gathered = gather(Float64Array.from(x), rows, 2)
          const scattered = new Float64Array(10)
          scatterAdd(scattered, rows, y, 2)
          const left = gathered.reduce((sum, value, at) => sum + value * y[at]!, 0)
          const right = scattered.reduce((sum, value, at) => sum + value * x[at]!, 0)
          expect(left).toBe(right)
        },
      ),
    )
  })
})
