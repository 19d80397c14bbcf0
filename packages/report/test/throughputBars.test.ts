import { expect, it } from 'vitest'
import { throughputBars, type Throughput } from '../src/index.ts'
import { seriesColour } from '../src/theme.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const draw = (bars: readonly Throughput[]): Document =>
  parsedSvg(throughputBars({ title: 'Peers', subtitle: [], bars }))
const rects = (document: Document): Element[] => [...document.querySelectorAll('g[aria-label="bar"] rect')]

const BARS: Throughput[] = [
  { label: 'gradrec, lazy', library: 'gradrec', group: 'MF', perSecond: 2e6, interval: [1e6, 3e6] },
  { label: 'gradrec, dense', library: 'gradrec', group: 'MF', perSecond: 5e5 },
  { label: 'PyTorch', library: 'PyTorch', group: 'MF', perSecond: 1e6 },
]

it('draws bars as long as their values, in their library’s colour', () => {
  const bars = rects(draw(BARS))
  const widths = bars.map((bar) => numberOf(bar, 'width'))
  expect(widths[0]).toBeCloseTo(2 * (widths[2] ?? 0), 3)
  expect(widths[2]).toBeCloseTo(2 * (widths[1] ?? 0), 3)
  expect(bars.map((bar) => bar.getAttribute('fill'))).toEqual([seriesColour(0), seriesColour(0), seriesColour(1)])
  const whisker = draw(BARS).querySelector('.interval line')
  expect(numberOf(whisker, 'x2') - numberOf(whisker, 'x1')).toBeCloseTo(widths[0] ?? 0, 3)
})

it('names bars and groups, with their values', () => {
  const document = draw([...BARS, { label: 'PyTorch ', library: 'PyTorch', group: 'LightGCN', perSecond: 1234 }])
  expect(texts(document)).toEqual(expect.arrayContaining(['MF', 'LightGCN', 'gradrec, lazy', 'PyTorch', '2M', '1.23k']))
})

it('leaves out what is not a number, and does without bars', () => {
  expect(rects(draw([...BARS, { label: 'x', library: 'x', group: 'MF', perSecond: Number.NaN }]))).toHaveLength(3)
  expect(rects(draw([]))).toHaveLength(0)
})
