import { expect, it } from 'vitest'
import { scaleCurves, type ScaleCost } from '../src/index.ts'
import { numberOf, parsedSvg, pathPoints, texts } from './parsedSvg.ts'

const draw = (costs: readonly ScaleCost[]): Document => parsedSvg(scaleCurves({ title: 'Scale', subtitle: [], costs }))

const COSTS: ScaleCost[] = [1e7, 1e5, 1e6].map((size) => ({
  axis: 'interactions',
  size,
  series: 'MF',
  nanoseconds: size / 1e4,
}))

it('is a straight line for a power of the size, from the smallest on', () => {
  const line = pathPoints(draw(COSTS).querySelector('g[aria-label="line"] path'))
  const [a, b, c] = line
  expect(line).toHaveLength(3)
  expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo((c?.x ?? 0) - (b?.x ?? 0), 3)
  expect((b?.y ?? 0) - (a?.y ?? 0)).toBeCloseTo((c?.y ?? 0) - (b?.y ?? 0), 3)
  expect(a?.x).toBeLessThan(b?.x ?? 0)
})

it('has a panel for each axis, on one scale of costs', () => {
  const document = draw([...COSTS, { axis: 'items', size: 1e4, series: 'MF', nanoseconds: 10 }])
  expect(texts(document)).toEqual(expect.arrayContaining(['interactions', 'items', '10M', '100', 'MF', 'nanoseconds']))
  const dots = [...document.querySelectorAll('g[aria-label="dot"] circle')]
  expect(numberOf(dots[0], 'cy')).toBeCloseTo(numberOf(dots[3], 'cy'), 3)
})

it('leaves out what was not measured, and does without points', () => {
  const document = draw([...COSTS, { axis: 'interactions', size: 1e8, series: 'MF', nanoseconds: Number.NaN }])
  expect(document.querySelectorAll('circle')).toHaveLength(3)
  expect(draw([]).querySelectorAll('circle')).toHaveLength(0)
})
