/** Typefaces that every system has; nothing is fetched. */
export const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

export interface Surface {
  readonly background: string
  readonly text: string
  /** For what is less important than the text: subtitles, axes. */
  readonly muted: string
  /** Grid lines and frames. */
  readonly line: string
}

export const LIGHT: Surface = { background: '#ffffff', text: '#1f2328', muted: '#59636e', line: '#d1d9e0' }
export const DARK: Surface = { background: '#0d1117', text: '#f0f6fc', muted: '#9198a1', line: '#3d444d' }

/**
 * Colours of series, told apart also by people who confuse red and green. Each has a contrast of at least 3 : 1 with both
 * surfaces, so that a figure looks right in light and dark without knowing which it is in.
 */
export const SERIES_COLOURS = ['#2f7bd9', '#d9640a', '#1c8f73', '#a65fd4', '#8a7a1f', '#d14d84', '#7a828e'] as const

/** The colour of the `n`-th series; after the last comes the first again. */
export function seriesColour(n: number): string {
  return SERIES_COLOURS[n % SERIES_COLOURS.length] ?? SERIES_COLOURS[0]
}

/** CSS variables for light and dark, for whatever `selector` names. */
export function surfaceStyle(selector: string): string {
  const variables = (surface: Surface): string =>
    `color: ${surface.text}; --background: ${surface.background}; --muted: ${surface.muted}; --line: ${surface.line};`
  return (
    `${selector} { color-scheme: light dark; ${variables(LIGHT)} }\n` +
    `@media (prefers-color-scheme: dark) { ${selector} { ${variables(DARK)} } }`
  )
}

/** WCAG's relative luminance of a colour, `#rrggbb` or `rgb(r, g, b)`: 0 for black, 1 for white. */
export function luminance(colour: string): number {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour)?.slice(1)
  const decimal = /^rgb\((\d+), *(\d+), *(\d+)\)$/.exec(colour)?.slice(1)
  const [red = 0, green = 0, blue = 0] = (
    hex?.map((each) => Number.parseInt(each, 16)) ??
    decimal?.map(Number) ??
    []
  ).map((each) => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG's contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}
