import { expect, it } from 'vitest'
import { decades, powersOfTen } from '../src/decades.ts'
import { epochTimes, type EpochTime } from '../src/index.ts'
import { seriesColour } from '../src/theme.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const draw = (times: readonly EpochTime[]): Document =>
  parsedSvg(epochTimes({ title: 'Seconds per epoch', subtitle: ['somewhere'], times }))
const dots = (document: Document): Element[] => [...document.querySelectorAll('g[aria-label="dot"] circle')]

const at = { dataset: 'ML-10M', backbone: 'MF' }
const TIMES: EpochTime[] = [
  { ...at, method: 'original', series: 'V100', seconds: 10 },
  { ...at, method: 'original', series: 'here', seconds: 1, interval: [1, 10] },
  { ...at, method: 'dice', series: 'V100', seconds: 100 },
]

it('places dots by the logarithm of the seconds, in their series’ colours', () => {
  const [ten, one, hundred] = dots(draw(TIMES))
  const [a, b, c] = [one, ten, hundred].map((dot) => numberOf(dot, 'cx'))
  expect((b ?? 0) - (a ?? 0)).toBeCloseTo((c ?? 0) - (b ?? 0), 3)
  expect(numberOf(ten, 'cy')).toBe(numberOf(one, 'cy'))
  expect(numberOf(hundred, 'cy')).toBeGreaterThan(numberOf(ten, 'cy'))
  expect([ten, one].map((dot) => dot?.getAttribute('fill'))).toEqual([seriesColour(0), seriesColour(1)])
  const whisker = draw(TIMES).querySelector('.interval line')
  expect(numberOf(whisker, 'x2') - numberOf(whisker, 'x1')).toBeCloseTo((b ?? 0) - (a ?? 0), 3)
})

it('has a field for each data set and backbone', () => {
  const document = draw([
    ...TIMES,
    { dataset: 'Netflix', backbone: 'LightGCN', method: 'dice', series: 'here', seconds: 3 },
  ])
  expect(texts(document)).toEqual(
    expect.arrayContaining(['ML-10M', 'Netflix', 'MF', 'LightGCN', 'original', 'dice', 'V100', 'here', '100']),
  )
  expect(dots(document)).toHaveLength(4)
})

it('leaves out what has no logarithm, and does without values', () => {
  expect(dots(draw([...TIMES, { ...at, method: 'macr', series: 'here', seconds: Number.NaN }]))).toHaveLength(3)
  expect(dots(draw([]))).toHaveLength(0)
})

it('ends logarithmic scales at powers of ten', () => {
  expect(decades([3, 40])).toEqual([1, 100])
  expect(decades([10])).toEqual([10, 100])
  expect(decades([0, -1, Number.NaN])).toEqual([1, 10])
  expect(powersOfTen([0.1, 100])).toEqual([0.1, 1, 10, 100])
})
