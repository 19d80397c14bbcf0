import { expect, it } from 'vitest'
import { methodDots, type MethodDot } from '../src/index.ts'
import { seriesColour } from '../src/theme.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const METHODS: MethodDot[] = [
  { method: 'original', ours: 0.1, paper: 0.11 },
  { method: 'dice', ours: 0.16, paper: 0.14 },
  { method: 'gradient', ours: 0.2, interval: [0.19, 0.21], paper: 0.21 },
]

const draw = (methods: readonly MethodDot[]): Document =>
  parsedSvg(methodDots({ title: 'ML, MF', measure: 'Recall@20', proposed: 'gradient', methods }))
const circles = (document: Document, whose: 'ours' | 'paper'): Element[] => [
  ...document.querySelectorAll(`g.${whose} circle`),
]
const centres = (document: Document, whose: 'ours' | 'paper'): number[] =>
  circles(document, whose).map((circle) => numberOf(circle, 'cx'))

it('has a dot for ours and a ring for the paper’s on one scale', () => {
  const document = draw(METHODS)
  const [a = 0, b = 0, c = 0] = centres(document, 'ours')
  const [d = 0, e = 0, f = 0] = centres(document, 'paper')
  const pixels = (c - a) / 0.1
  expect(pixels).toBeGreaterThan(0)
  expect(b - a).toBeCloseTo(0.06 * pixels, 3)
  expect([d - a, e - a, f - a].map((each) => each / pixels)).toEqual([
    expect.closeTo(0.01, 5),
    expect.closeTo(0.04, 5),
    expect.closeTo(0.11, 5),
  ])
  // Told apart by shape, not by colour alone: the ring is not filled, and can be seen around a dot.
  const [dot, ring] = [circles(document, 'ours')[0], circles(document, 'paper')[0]]
  expect(ring?.closest('[fill]')?.getAttribute('fill')).toBe('var(--background)')
  expect(numberOf(ring, 'r')).toBeGreaterThan(numberOf(dot, 'r'))
})

it('sets the proposed method apart by colour and weight', () => {
  const document = draw(METHODS)
  const fills = circles(document, 'ours').map((dot) => dot.getAttribute('fill'))
  expect(fills).toEqual([seriesColour(0), seriesColour(0), seriesColour(1)])
  const label = [...document.querySelectorAll('text')].find((text) => text.textContent === 'gradient')
  expect(label?.closest('[font-weight]')?.getAttribute('font-weight')).toBe('700')
})

it('writes every number, and the lead here and in the paper', () => {
  const written = texts(draw(METHODS))
  expect(written).toEqual(
    expect.arrayContaining(['original', 'dice', '0.1000', '0.1600', '0.2000', '0.110', '0.140', '0.210', '○ paper']),
  )
  // 0.2 / 0.16 and 0.21 / 0.14.
  expect(written).toContain('gradient +25 % over dice (paper: +50 % over dice)')
})

it('marks the best other method as measured here, which the paper’s numbers do not move', () => {
  const document = draw([...METHODS, { method: 'macr', ours: 0.05, paper: 0.3 }])
  const rule = document.querySelector('.best-other line, line.best-other')
  const transform = /translate\(([-\d.]+)/.exec(rule?.closest('[transform]')?.getAttribute('transform') ?? '')?.[1]
  expect(numberOf(rule, 'x1') + Number(transform ?? 0)).toBeCloseTo(centres(document, 'ours')[1] ?? 0, 0)
})

it('says that the proposed method is behind where it is', () => {
  const behind = [
    { method: 'dice', ours: 0.2 },
    { method: 'gradient', ours: 0.15 },
  ]
  expect(texts(draw(behind))).toContain('gradient 25 % below dice')
})

it('shows what is not measured as a dash, and does without the paper’s numbers or any', () => {
  const half = draw([{ method: 'dice', paper: 0.14 }, { method: 'macr', ours: Number.NaN }, ...METHODS.slice(2)])
  expect(centres(half, 'ours')).toHaveLength(1)
  expect(centres(half, 'paper')).toHaveLength(2)
  expect(texts(half).filter((text) => text === '–')).toHaveLength(3)
  const alone = draw([{ method: 'gradient', ours: 0.2 }])
  expect(texts(alone)).not.toContain('○ paper')
  expect(texts(draw([]))).toContain('no values')
})

it('says all numbers to those who cannot see it', () => {
  expect(draw(METHODS).querySelector('desc')?.textContent).toContain('gradient: 0.2000, the paper’s 0.210.')
})
