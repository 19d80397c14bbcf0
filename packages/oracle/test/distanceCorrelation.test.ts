import { describe, expect, it } from 'vitest'
import { discrepancyTerm, distanceCorrelation } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

const WIDTH = 4

function points(count: number, seed: number): Float64Array {
  return Float64Array.from(normalTable(count * WIDTH, 0.8, seed))
}

/** Turned in the plane of coordinates 0 and 2, then moved and made larger. */
function changed(x: Float64Array, { angle = 0, by = 0, times = 1 }): Float64Array {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return x.map((value, at) => {
    const other = at % WIDTH === 0 ? -x[at + 2]! : x[at - 2]!
    return times * (at % 2 === 0 ? cos * value + sin * other : value) + by
  })
}

describe('distanceCorrelation', () => {
  it('is this of three points on a line and their partners, by hand', () => {
    // Distances 1, 3, 2 and 1, 1, 2 between points 0–1, 0–2, 1–2. By 9: row means 12, 9, 15 and 6, 9, 9 with means 12 and 8.
    const { value } = distanceCorrelation(Float64Array.of(0, 1, 3), Float64Array.of(0, 1, -1), 3)
    const a = [-12, 0, 12, 0, -6, 6, 12, 6, -18]
    const b = [-4, 2, 2, 2, -10, 8, 2, 8, -10]
    const mean = (first: number[], second: number[]): number =>
      first.reduce((sum, ofFirst, kl) => sum + (ofFirst / 9) * (second[kl]! / 9), 0) / 9
    expect(value).toBeCloseTo(Math.sqrt(mean(a, b) / Math.sqrt(mean(a, a) * mean(b, b))), 11)
  })

  it('is 1 of points and the same turned, moved and scaled, which cannot be improved on', () => {
    const x = points(7, 1)
    for (const change of [{}, { by: 3 }, { times: 2.5 }, { angle: 0.7 }, { angle: 2, by: -1, times: 0.2 }]) {
      const { value, byX, byY } = distanceCorrelation(x, changed(x, change), 7)
      expect(value).toBeCloseTo(1, 9)
      for (const slope of [...byX, ...byY]) expect(slope).toBeCloseTo(0, 8)
    }
  })

  it('is 1 of any two points and any others', () => {
    expect(distanceCorrelation(points(2, 1), points(2, 2), 2).value).toBeCloseTo(1, 9)
  })

  it('stays the same where one side is turned, moved or scaled, and where sides are swapped', () => {
    const [x, y] = [points(9, 1), points(9, 2)]
    const { value, byX, byY } = distanceCorrelation(x, y, 9)
    expect(value).toBeGreaterThan(0.1)
    expect(value).toBeLessThan(0.95)
    const turned = distanceCorrelation(x, changed(y, { angle: 1.1, by: 2, times: 3 }), 9)
    expect(turned.value).toBeCloseTo(value, 10)
    for (const [at, slope] of byX.entries()) expect(turned.byX[at]).toBeCloseTo(slope, 10)
    // A gradient turns with its points, and is as much smaller as they are larger.
    const expected = changed(byY, { angle: 1.1, times: 1 / 3 })
    for (const [at, slope] of expected.entries()) expect(turned.byY[at]).toBeCloseTo(slope, 10)
    const swapped = distanceCorrelation(y, x, 9)
    expect(swapped.value).toBeCloseTo(value, 12)
    expect(swapped.byX).toEqual(byY)
  })

  it('moves no point on the whole: gradients add up to nothing', () => {
    const { byX } = distanceCorrelation(points(8, 1), points(8, 2), 8)
    for (let f = 0; f < WIDTH; f++) {
      let sum = 0
      for (let at = f; at < byX.length; at += WIDTH) sum += byX[at]!
      expect(sum).toBeCloseTo(0, 14)
    }
  })

  it('is 0 of one point, and wants nothing', () => {
    const { value, byX, byY } = distanceCorrelation(points(1, 1), points(1, 2), 1)
    expect(byX.length).toBe(WIDTH)
    for (const number of [value, ...byX, ...byY]) expect(number).toBe(0)
  })

  it('wants nothing of points that all coincide, and stays finite', () => {
    const same = new Float64Array(5 * WIDTH).fill(0.3)
    for (const other of [same, points(5, 1)]) {
      const { value, byX, byY } = distanceCorrelation(same, other, 5)
      expect(Number.isFinite(value)).toBe(true)
      expect(byX.every((slope) => slope === 0)).toBe(true)
      expect(byY.every(Number.isFinite)).toBe(true)
    }
  })

  it('moves points that coincide on both sides alike, and they do not move each other', () => {
    const [x, y] = [points(6, 1), points(6, 2)]
    for (const side of [x, y]) side.copyWithin(4 * WIDTH, WIDTH, 2 * WIDTH)
    const { byX, byY } = distanceCorrelation(x, y, 6)
    for (const by of [byX, byY]) {
      for (let f = 0; f < WIDTH; f++) expect(by[4 * WIDTH + f]).toBeCloseTo(by[WIDTH + f]!, 14)
    }
    // Both moved at once keep their distance of 0: that is smooth, and the sum of both gradients is its slope.
    const together = (by: Float64Array): number => {
      const moved = x.slice()
      for (const [f, value] of by.entries()) for (const k of [1, 4]) moved[k * WIDTH + f]! += value
      return distanceCorrelation(moved, y, 6).value
    }
    const expected = finiteDifference(together, new Float64Array(WIDTH))
    const both = Float64Array.from({ length: WIDTH }, (_, f) => byX[WIDTH + f]! + byX[4 * WIDTH + f]!)
    expect(gradientError(both, expected)).toBeLessThan(1e-6)
  })

  it.each([3, 7, 12])('has its gradient, of %i points', (count) => {
    const [x, y] = [points(count, 1), points(count, 2)]
    const { byX, byY } = distanceCorrelation(x, y, count)
    const ofX = finiteDifference((values) => distanceCorrelation(values, y, count).value, x)
    const ofY = finiteDifference((values) => distanceCorrelation(x, values, count).value, y)
    expect(gradientError(byX, ofX)).toBeLessThan(1e-6)
    expect(gradientError(byY, ofY)).toBeLessThan(1e-6)
  })
})

describe('the discrepancy dCor', () => {
  it('is the weighted distance correlation of first and second halves, and descent makes them tell less of each other', () => {
    const [x, y] = [points(5, 1), points(5, 2)]
    const rows = Float64Array.from({ length: 2 * x.length }, (_, at) => {
      const [row, f] = [Math.floor(at / (2 * WIDTH)), at % (2 * WIDTH)]
      return f < WIDTH ? x[row * WIDTH + f]! : y[row * WIDTH + f - WIDTH]!
    })
    const of = (values: Float64Array): ReturnType<typeof discrepancyTerm> =>
      discrepancyTerm(values, 2 * WIDTH, { kind: 'dCor', weight: 0.3 })
    const { term, gradient } = of(rows)
    expect(term).toBeCloseTo(0.3 * distanceCorrelation(x, y, 5).value, 14)
    expect(of(rows.map((value, at) => value - 0.1 * gradient[at]!)).term).toBeLessThan(term)
    const expected = finiteDifference((values) => of(values).term, rows)
    expect(gradientError(gradient, expected)).toBeLessThan(1e-6)
  })
})
