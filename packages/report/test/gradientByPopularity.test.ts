import { expect, it } from 'vitest'
import { gradientByPopularity, type ItemGradients } from '../src/index.ts'
import { numberOf, parsedSvg, pathPoints, texts } from './parsedSvg.ts'

const items = (length: number): ItemGradients[] =>
  Array.from({ length }, (_, n) => ({
    popularityRank: length - n,
    positiveCosine: (2 * n) / length - 1,
    negativeCosine: 0.5,
    positiveNorm: n,
    negativeNorm: n === 0 ? Number.NaN : length,
  }))

const draw = (length: number): Document =>
  parsedSvg(gradientByPopularity({ title: 'MF on data', items: items(length) }))

it('has a dot for each item in both panels, but none for what is not a number', () => {
  const document = draw(50)
  expect(document.querySelectorAll('.positive-dots circle')).toHaveLength(100)
  expect(document.querySelectorAll('.negative-dots circle')).toHaveLength(99)
  expect(texts(document)).toEqual(
    expect.arrayContaining([
      '(a) cosine with the whole gradient',
      '(b) L2 norm',
      'positive gradient',
      'negative gradient',
    ]),
  )
})

it('puts the most popular item first', () => {
  const [cosine] = draw(50).querySelectorAll('.positive-dots')
  const dots = [...(cosine?.querySelectorAll('circle') ?? [])].sort((a, b) => numberOf(a, 'cx') - numberOf(b, 'cx'))
  const heights = dots.map((dot) => numberOf(dot, 'cy'))
  // The item of rank 1 has the highest cosine, so it is furthest up.
  expect(heights).toEqual(heights.toSorted((a, b) => a - b))
})

it('thins many items evenly, and takes medians over all of them', () => {
  const document = draw(10_000)
  expect(document.querySelectorAll('.negative-dots circle').length).toBeLessThanOrEqual(1600)
  expect(texts(document)[1]).toBe('a dot for one in 13 of 10,000 items; lines: medians of items of similar popularity')
  const [cosine] = document.querySelectorAll('.positive-median')
  const points = pathPoints(cosine?.querySelector('path'))
  expect(points).toHaveLength(40)
  // The cosine falls by the same amount from each run of ranks to the next.
  const steps = points.slice(1).map(({ y }, n) => y - (points[n]?.y ?? 0))
  for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? Number.NaN, 1)
  expect(steps[0]).toBeGreaterThan(0)
})

it('does without items', () => {
  expect(draw(0).querySelectorAll('circle')).toHaveLength(0)
})
