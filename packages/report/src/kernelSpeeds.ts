import * as Plot from '@observablehq/plot'
import { decades, powersOfTen } from './decades.ts'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

/** What one kernel of a step reaches. */
export interface KernelSpeed {
  readonly kernel: string
  /** Of the step's time, 0 … 1. */
  readonly share: number
  /** Bytes a second: every operand counted once. */
  readonly compulsory: number
  /** Bytes a second: rows that are looked up counted every time. */
  readonly gathered: number
}

/** One training run whose step was taken apart. */
export interface SteppedRun {
  /** Model, method, batch. */
  readonly title: string
  /** From the first kernel of a step to the last. */
  readonly kernels: readonly KernelSpeed[]
}

/** A line to hold kernels against. */
export interface SpeedRoof {
  readonly label: string
  readonly bytesPerSecond: number
}

export interface KernelSpeeds {
  readonly title: string
  readonly subtitle: readonly string[]
  readonly runs: readonly SteppedRun[]
  readonly roofs: readonly SpeedRoof[]
}

const WIDTH = 760
const KERNEL_HEIGHT = 19
const MARGINS = { left: 176, right: 52, top: 44, bottom: 22 }
/** For the axis' label, below the last run. */
const LABEL_HEIGHT = 20
/** Kernels with less of the step's time are not drawn: nothing is to be gained there. */
const LEAST_SHARE = 0.01

/**
 * How near kernels come to what a device can do, all of them being bound by memory: bytes a second on a logarithmic scale, beside those
 * of plain copies. A kernel has two dots where rows are looked up several times; what it really moves lies between them.
 */
export function kernelSpeeds({ title, subtitle, runs, roofs }: KernelSpeeds): string {
  const shown = runs.map(({ title: run, kernels }) => ({
    title: run,
    kernels: kernels.filter(({ share, compulsory }) => share >= LEAST_SHARE && compulsory > 0),
  }))
  const domain = decades([
    ...shown.flatMap(({ kernels }) => kernels.flatMap(({ compulsory, gathered }) => [compulsory, gathered])),
    ...roofs.map(({ bytesPerSecond }) => bytesPerSecond),
  ])
  return figureSvg({
    title,
    subtitle,
    description: `Dots of bytes per second by kernel for ${runs.map((run) => run.title).join('; ')}, beside ${roofs.map(({ label }) => label).join(', ')}.`,
    legend: [
      { colour: seriesColour(0), label: 'every operand counted once' },
      { colour: seriesColour(1), label: 'rows counted each time they are looked up' },
    ],
    width: WIDTH,
    panels: shown.map((run, n) => panelOf(run, roofs, domain, n === shown.length - 1)),
  })
}

function panelOf(
  { title, kernels }: SteppedRun,
  roofs: readonly SpeedRoof[],
  domain: readonly [number, number],
  isLast: boolean,
): Plot.PlotOptions {
  const labelOf = ({ kernel, share }: KernelSpeed): string => `${kernel}  ${(100 * share).toFixed(0).padStart(2)} %`
  const say = (kernel: KernelSpeed): string =>
    `${labelOf(kernel)}: ${compact(kernel.compulsory)}B/s, ${compact(kernel.gathered)}B/s with every look-up`
  const bottom = MARGINS.bottom + (isLast ? LABEL_HEIGHT : 0)
  return {
    height: MARGINS.top + bottom + KERNEL_HEIGHT * Math.max(1, kernels.length),
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    marginTop: MARGINS.top,
    marginBottom: bottom,
    x: { type: 'log', domain, label: null },
    y: { type: 'band', domain: kernels.map(labelOf), label: null, padding: 0 },
    marks: [
      Plot.gridX(powersOfTen(domain)),
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX(powersOfTen(domain), {
        tickFormat: (value: number) => `${compact(value)}B/s`,
        label: isLast ? 'bytes per second' : null,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
      }),
      Plot.text([title], { frameAnchor: 'top-left', dx: -MARGINS.left, dy: -38, fontWeight: 600, text: String }),
      Plot.ruleX(roofs, {
        x: 'bytesPerSecond',
        stroke: 'currentColor',
        strokeOpacity: 0.7,
        strokeDasharray: '4,3',
        className: 'roof',
      }),
      // Labels of roofs that lie close together would overlap: each has a line of its own.
      ...roofs.map((roof, n) =>
        Plot.text([roof], { x: 'bytesPerSecond', text: 'label', frameAnchor: 'top', dy: -20 + 12 * (n % 2) }),
      ),
      Plot.link(kernels, {
        x1: 'compulsory',
        x2: 'gathered',
        y1: labelOf,
        y2: labelOf,
        stroke: 'currentColor',
        strokeOpacity: 0.35,
        strokeWidth: 2,
      }),
      Plot.dot(
        kernels.filter(({ compulsory, gathered }) => gathered > compulsory),
        { x: 'gathered', y: labelOf, r: 4.5, fill: seriesColour(1), title: say, className: 'gathered' },
      ),
      Plot.dot(kernels, {
        x: 'compulsory',
        y: labelOf,
        r: 4.5,
        fill: seriesColour(0),
        title: say,
        className: 'compulsory',
      }),
    ],
  }
}
