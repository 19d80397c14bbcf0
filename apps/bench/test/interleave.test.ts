import { describe, expect, it } from 'vitest'
import { interleave, pairedRatio, summary } from '../src/interleave.ts'

describe('interleave', () => {
  it('measures every side once a round and turns the order', async () => {
    const order: string[] = []
    const side = (name: string) => async () => {
      order.push(name)
      return order.length
    }
    const measured = await interleave({ a: side('a'), b: side('b'), c: side('c') }, 3)
    expect(order).toEqual(['a', 'b', 'c', 'b', 'c', 'a', 'c', 'a', 'b'])
    expect(measured.a.values).toEqual([1, 6, 8])
    expect(measured.a).toMatchObject({ median: 6, minimum: 1, quartiles: [3.5, 7] })
  })

  it('stops where progress throws', async () => {
    let rounds = 0
    const stop = (): void => {
      rounds++
      if (rounds === 2) throw new Error('enough')
    }
    await expect(interleave({ a: async () => 1 }, 5, stop)).rejects.toThrow('enough')
    expect(rounds).toBe(2)
  })
})

it('compares within rounds, so that a slow spell cancels', () => {
  // The machine is three times slower in the second and third round; the side always takes twice the base.
  expect(pairedRatio(summary([2, 6, 6, 2]), summary([1, 3, 3, 1]))).toBe(2)
  expect(summary([2, 6, 6, 2]).median / summary([1, 3, 3, 3]).median).not.toBe(2)
})
