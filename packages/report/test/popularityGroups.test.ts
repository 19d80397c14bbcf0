import { expect, it } from 'vitest'
import { popularityGroups, type GroupValue } from '../src/index.ts'
import { seriesColour } from '../src/theme.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const draw = (values: readonly GroupValue[]): Document =>
  parsedSvg(popularityGroups({ title: 'Recall by group', measure: 'Recall@20', values }))

const bars = (document: Document): Element[] => [...document.querySelectorAll('g[aria-label="bar"] rect')]

const VALUES: GroupValue[] = [
  { group: '1', model: 'MF', value: 0.4 },
  { group: '1', model: 'Our_MF', value: 0.2, interval: [0.15, 0.25] },
  { group: '2', model: 'MF', value: 0.1 },
  { group: '2', model: 'Our_MF', value: 0.3 },
]

it('draws bars as high as their values, in their model’s colour', () => {
  const all = bars(draw(VALUES))
  const heights = all.map((bar) => numberOf(bar, 'height'))
  const unit = (heights[0] ?? Number.NaN) / 0.4
  VALUES.forEach(({ value }, n) => expect(heights[n]).toBeCloseTo(value * unit, 3))
  const colours = all.map((bar) => bar.getAttribute('fill'))
  expect(colours).toEqual([seriesColour(0), seriesColour(1), seriesColour(0), seriesColour(1)])
})

it('names groups and models, and writes the values where there is room', () => {
  const document = draw(VALUES)
  expect(texts(document)).toEqual(expect.arrayContaining(['1', '2', 'MF', 'Our_MF', '.400', '.200', '.100', '.300']))
  const crowded = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap((model) =>
    ['1', '2', '3', '4', '5'].map((group) => ({ group, model, value: 0.123 })),
  )
  expect(texts(draw(crowded))).not.toContain('.123')
})

it('draws a whisker from end to end of an interval', () => {
  const document = draw(VALUES)
  const whiskers = document.querySelectorAll('.interval line')
  expect(whiskers).toHaveLength(1)
  const bar = numberOf(bars(document)[1], 'height') / 0.2
  expect(Math.abs(numberOf(whiskers[0], 'y1') - numberOf(whiskers[0], 'y2'))).toBeCloseTo(0.1 * bar, 3)
})

it('leaves out what is not a number, and does without values', () => {
  expect(bars(draw([...VALUES, { group: '3', model: 'MF', value: Number.NaN }]))).toHaveLength(4)
  expect(bars(draw([]))).toHaveLength(0)
})
