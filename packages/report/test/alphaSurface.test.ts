import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { alphaSurface, type AlphaPoint } from '../src/index.ts'
import { contrast, luminance } from '../src/theme.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const draw = (points: readonly AlphaPoint[], dataset = 'data'): string =>
  alphaSurface({ dataset, model: 'MF', metric: 'Recall@20', points })

const POINTS: AlphaPoint[] = [
  { alphaItem: 0, alphaUser: 0, value: 0.1 },
  { alphaItem: 0.1 + 0.2, alphaUser: 0, value: 0.15 },
  { alphaItem: 0, alphaUser: 1, value: 0.12 },
  { alphaItem: 0.1 + 0.2, alphaUser: 1, value: 0.1834 },
]

function cells(
  document: Document,
): { readonly fill: string; readonly title: string; readonly x: number; readonly y: number }[] {
  return [...document.querySelectorAll('rect')]
    .filter((rect) => rect.querySelector('title') !== null)
    .map((rect) => ({
      fill: rect.getAttribute('fill') ?? '',
      title: rect.querySelector('title')?.textContent ?? '',
      x: numberOf(rect, 'x'),
      y: numberOf(rect, 'y'),
    }))
}

it('has a cell with its value for every point, αItem across and αUser up', () => {
  const document = parsedSvg(draw(POINTS))
  const all = cells(document)
  expect(all.map(({ title }) => title).sort()).toEqual([
    'αItem 0, αUser 0: Recall@20 0.1000',
    'αItem 0, αUser 1: Recall@20 0.1200',
    'αItem 0.3, αUser 0: Recall@20 0.1500',
    'αItem 0.3, αUser 1: Recall@20 0.1834',
  ])
  const at = (title: string) => all.find((cell) => cell.title.startsWith(title))
  expect(at('αItem 0.3, αUser 0')?.x).toBeGreaterThan(at('αItem 0, αUser 0')?.x ?? Number.NaN)
  expect(at('αItem 0, αUser 1')?.y).toBeLessThan(at('αItem 0, αUser 0')?.y ?? Number.NaN)
  expect(texts(document)).toEqual(
    expect.arrayContaining([
      'Recall@20 on data, MF',
      'best: αItem 0.3, αUser 1: Recall@20 0.1834',
      'αItem (item popularity)',
      'αUser (user conformity)',
      '.1000',
      '.1834',
      '0.1834',
      '0.3',
    ]),
  )
})

it('frames the best cell', () => {
  const document = parsedSvg(draw(POINTS))
  const best = cells(document).find(({ title }) => title.includes('0.1834'))
  const frames = [...document.querySelectorAll('rect')].filter((rect) => numberOf(rect, 'x') === (best?.x ?? 0) - 1)
  expect(frames.map((rect) => numberOf(rect, 'y'))).toEqual([(best?.y ?? 0) - 1, (best?.y ?? 0) - 1])
})

/** Channels are whole numbers, so that of two values next to each other the higher may come out darker by a hair: .223 and .224 of 0 to .392. */
const ROUNDING = 0.001

it('is lighter where the value is higher, with labels that can be read', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 2, maxLength: 8 }), (values) => {
      const points = values.map((value, n) => ({ alphaItem: n, alphaUser: 0, value: value / 1000 }))
      const document = parsedSvg(draw(points))
      const byValue = cells(document)
        .map(({ fill, title }) => ({ fill, value: Number(title.split(' ').at(-1)) }))
        .sort((a, b) => a.value - b.value)
      const light = byValue.map(({ fill }) => luminance(fill))
      for (const [n, lower] of light.slice(0, -1).entries()) expect(light[n + 1]).toBeGreaterThan(lower - ROUNDING)
      const labels = [...document.querySelectorAll('text')].filter((text) => /^\.\d{4}$/.test(text.textContent ?? ''))
      expect(labels).toHaveLength(values.length)
      for (const label of labels) {
        const cell = byValue.find(({ value }) => value === Number(label.textContent))
        expect(contrast(label.getAttribute('fill') ?? '', cell?.fill ?? '')).toBeGreaterThan(4.5)
      }
    }),
    { numRuns: 20, examples: [[[223, 0, 224, 392]]] },
  )
})

it('leaves missing points blank and takes the last of equal ones', () => {
  const points = [
    { alphaItem: 0, alphaUser: 0, value: 0.9 },
    ...POINTS.slice(0, 3),
    { alphaItem: 5, alphaUser: 5, value: Number.NaN },
  ]
  const titles = cells(parsedSvg(draw(points))).map(({ title }) => title)
  expect(titles).toHaveLength(3)
  expect(titles).toContain('αItem 0, αUser 0: Recall@20 0.1000')
})

it('draws one point, equal points, none, and more than can have labels', () => {
  expect(cells(parsedSvg(draw(POINTS.slice(0, 1))))).toHaveLength(1)
  const equal = POINTS.map((point) => ({ ...point, value: 0.5 }))
  expect(texts(parsedSvg(draw(equal)))).toContain('best: αItem 0, αUser 0: Recall@20 0.5000 and 3 equal')
  expect(texts(parsedSvg(draw([])))).toContain('no values')
  const many = Array.from({ length: 30 }, (_, n) => ({ alphaItem: n, alphaUser: n % 2, value: n / 100 }))
  const document = parsedSvg(draw(many))
  expect(cells(document)).toHaveLength(30)
  expect(texts(document).filter((text) => text.startsWith('.'))).toEqual([])
})

it('escapes names, and is the same every time', () => {
  const svg = draw(POINTS, '<b>&"x"')
  expect(svg).not.toContain('<b>')
  expect(texts(parsedSvg(svg))).toContain('Recall@20 on <b>&"x", MF')
  expect(draw(POINTS, '<b>&"x"')).toBe(svg)
})
