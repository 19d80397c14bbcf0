import * as Plot from '@observablehq/plot'
import { newSvgDocument, svgElement } from './svgElement.ts'
import { FONT_FAMILY, surfaceStyle } from './theme.ts'

/** A colour and what it stands for. */
export interface LegendEntry {
  readonly colour: string
  readonly label: string
}

/** Colours from the lowest value to the highest. */
export interface ColourRamp {
  readonly label: string
  readonly colours: readonly string[]
  readonly lowest: string
  readonly highest: string
}

export interface Figure {
  readonly title: string
  /** Lines below the title, in smaller type. */
  readonly subtitle: readonly string[]
  /** What the figure shows, for people who cannot see it. */
  readonly description: string
  readonly legend?: readonly LegendEntry[]
  readonly ramp?: ColourRamp
  /** Drawn below one another, all of the same width. */
  readonly panels: readonly Plot.PlotOptions[]
  /** Pixels. */
  readonly width: number
}

const MARGIN = 16
const TITLE_SIZE = 16
const TEXT_SIZE = 12
const PANEL_GAP = 12
/** Width of a letter in parts of the type's size: an upper bound for ordinary text, since nothing can be measured here. */
const LETTER_WIDTH = 0.56
/** In every figure; a page with several needs it once. */
export const FIGURE_STYLE: string =
  `${surfaceStyle('.gradrec-figure')}\n` +
  '.gradrec-figure .background { fill: var(--background); }\n' +
  '.gradrec-figure .muted { fill: var(--muted); }\n' +
  '.gradrec-figure [aria-label$="grid"] { stroke: var(--line); stroke-opacity: 1; }'

/** Title, legend and panels as one SVG that needs nothing else and follows the reader's light or dark setting. */
export function figureSvg(figure: Figure): string {
  const document = newSvgDocument()
  const { title, subtitle, description, legend = [], ramp, panels, width } = figure
  const body: Element[] = []
  const text = (x: number, y: number, content: string, attributes: Record<string, string | number> = {}): void => {
    body.push(
      svgElement(document, 'text', { x, y, 'font-size': TEXT_SIZE, fill: 'currentColor', ...attributes }, [content]),
    )
  }

  let y = MARGIN + TITLE_SIZE
  text(MARGIN, y, title, { 'font-size': TITLE_SIZE, 'font-weight': 600 })
  for (const line of subtitle) {
    y += TEXT_SIZE + 6
    text(MARGIN, y, line, { class: 'muted' })
  }
  if (legend.length > 0) {
    let x = MARGIN
    y += TEXT_SIZE + 10
    for (const { colour, label } of legend) {
      const next = x + 16 + lengthOf(label) + 20
      if (next > width && x > MARGIN) {
        x = MARGIN
        y += TEXT_SIZE + 6
      }
      body.push(svgElement(document, 'rect', { x, y: y - 10, width: 11, height: 11, rx: 2, fill: colour }))
      text(x + 16, y, label)
      x += 16 + lengthOf(label) + 20
    }
  }
  if (ramp !== undefined) {
    y += TEXT_SIZE + 10
    text(MARGIN, y, `${ramp.label}   ${ramp.lowest}`, { style: 'white-space: pre' })
    const begin = MARGIN + lengthOf(`${ramp.label}   ${ramp.lowest}`) + 8
    const step = 160 / ramp.colours.length
    // A little wider than the step, so that no seams show.
    ramp.colours.forEach((colour, n) => {
      body.push(
        svgElement(document, 'rect', { x: begin + n * step, y: y - 10, width: step + 0.5, height: 12, fill: colour }),
      )
    })
    text(begin + 168, y, ramp.highest)
  }
  y += PANEL_GAP
  for (const panel of panels) {
    const plot = Plot.plot({ ...panel, document, width: width - 2 * MARGIN, className: 'gradrec-plot' })
    plot.querySelector('style')?.remove()
    for (const [key, value] of [
      ['x', MARGIN],
      ['y', y],
      ['font-size', TEXT_SIZE],
    ] as const) {
      plot.setAttribute(key, String(value))
    }
    body.push(plot)
    y += Number(plot.getAttribute('height')) + PANEL_GAP
  }

  const svg = svgElement(
    document,
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${y}`,
      width,
      height: y,
      class: 'gradrec-figure',
      role: 'img',
      'font-family': FONT_FAMILY,
      style: 'max-width: 100%; height: auto',
    },
    [
      svgElement(document, 'title', {}, [title]),
      svgElement(document, 'desc', {}, [description]),
      svgElement(document, 'style', {}, [FIGURE_STYLE]),
      svgElement(document, 'rect', { class: 'background', width, height: y, fill: '#ffffff' }),
      ...body,
    ],
  )
  return svg.outerHTML
}

function lengthOf(text: string): number {
  return text.length * TEXT_SIZE * LETTER_WIDTH
}
