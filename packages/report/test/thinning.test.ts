import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { binMedians, evenlyThinned } from '../src/thinning.ts'

it('keeps the first of every n, and no more than asked for', () => {
  expect(evenlyThinned([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7])
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (points, most) => {
      const kept = evenlyThinned(points, most)
      expect(kept.length).toBeLessThanOrEqual(most)
      if (points.length <= most) expect(kept).toEqual(points)
    }),
  )
})

it('takes medians of runs of nearly equal length', () => {
  const points = [3, 1, 2, 10, 30, 20, 40].map((y, x) => ({ x, y }))
  expect(binMedians(points, 2)).toEqual([
    { x: 1, y: 2 },
    { x: 4.5, y: 25 },
  ])
  expect(binMedians(points, 1)).toEqual([{ x: 3, y: 10 }])
  expect(binMedians(points, 100)).toEqual(points)
  expect(binMedians([], 5)).toEqual([])
})
