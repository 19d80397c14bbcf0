import { expect, it } from 'vitest'
import { contrast, DARK, LIGHT, luminance, SERIES_COLOURS, seriesColour } from '../src/theme.ts'

it('measures contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10)
  expect(contrast('#777777', 'rgb(255, 255, 255)')).toBeCloseTo(4.48, 2)
  expect(luminance('#ff0000')).toBeCloseTo(0.2126, 10)
})

it('has series colours that are seen on both surfaces, and text that is read', () => {
  for (const surface of [LIGHT, DARK]) {
    for (const colour of SERIES_COLOURS) expect(contrast(colour, surface.background)).toBeGreaterThan(3)
    expect(contrast(surface.text, surface.background)).toBeGreaterThan(7)
    expect(contrast(surface.muted, surface.background)).toBeGreaterThan(4.5)
  }
})

it('begins again after the last colour', () => {
  expect(seriesColour(SERIES_COLOURS.length + 1)).toBe(seriesColour(1))
})
