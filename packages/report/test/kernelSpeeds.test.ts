import { expect, it } from 'vitest'
import { kernelSpeeds, type SteppedRun } from '../src/index.ts'
import { numberOf, parsedSvg, texts } from './parsedSvg.ts'

const draw = (runs: readonly SteppedRun[]): Document =>
  parsedSvg(
    kernelSpeeds({ title: 'Kernels', subtitle: [], runs, roofs: [{ label: 'copy of 256 MiB', bytesPerSecond: 1e10 }] }),
  )

const RUN: SteppedRun = {
  title: 'MF, original',
  kernels: [
    { kernel: 'score', share: 0.6, compulsory: 1e9, gathered: 1e10 },
    { kernel: 'update', share: 0.395, compulsory: 1e8, gathered: 1e8 },
    { kernel: 'sumLosses', share: 0.005, compulsory: 1e6, gathered: 1e6 },
  ],
}

it('has a dot for bytes counted once, and another where rows are looked up more often', () => {
  const document = draw([RUN])
  const compulsory = [...document.querySelectorAll('.compulsory circle')].map((dot) => numberOf(dot, 'cx'))
  const gathered = [...document.querySelectorAll('.gathered circle')].map((dot) => numberOf(dot, 'cx'))
  expect([compulsory.length, gathered.length]).toEqual([2, 1])
  const decade = (compulsory[0] ?? 0) - (compulsory[1] ?? 0)
  expect((gathered[0] ?? 0) - (compulsory[0] ?? 0)).toBeCloseTo(decade, 3)
  // The roof stands where a kernel as fast as the copy would.
  expect(numberOf(document.querySelector('.roof line'), 'x1')).toBeCloseTo(gathered[0] ?? 0, 3)
})

it('names runs, kernels with their share of the time, and roofs, and leaves out what hardly takes any', () => {
  const all = texts(draw([RUN]))
  expect(all).toEqual(expect.arrayContaining(['MF, original', 'score  60 %', 'copy of 256 MiB', '1GB/s']))
  expect(all.join()).not.toContain('sumLosses')
})

it('draws every run on one scale, and does without any', () => {
  const second = { ...RUN, title: 'MF, gradient' }
  const dots = [...draw([RUN, second]).querySelectorAll('.compulsory circle')].map((dot) => numberOf(dot, 'cx'))
  expect(dots.slice(0, 2)).toEqual(dots.slice(2))
  expect(draw([]).querySelectorAll('circle')).toHaveLength(0)
})
