import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PeersPage, RooflinePage, ScalePage, TableFourPage } from '../../src/page/figureSchemas.ts'
import { generatePage } from '../../src/page/generatePage.ts'
import { writePage } from '../../src/page/writePage.ts'
import { readResults, writeResult, type ResultFile } from '../../src/results/resultFile.ts'
import type { PeerGroup } from '../../src/peers/peers.ts'
import type { RooflineFigures } from '../../src/roofline/roofline.ts'
import type { Flatness } from '../../src/scale/flatness.ts'
import type { LargestProblem } from '../../src/scale/largestProblems.ts'
import type { ScalePoint } from '../../src/scale/measurePoint.ts'
import type { TimedGroup } from '../../src/tableFour/tableFour.ts'
import { PEERS, resultOf, ROOFLINE, SCALE, TABLE_FOUR } from './fixtures.ts'

/** What parts write, as the page reads it: the compiler says where they disagree. */
interface Written {
  readonly table4: { readonly groups: readonly TimedGroup[] }
  readonly roofline: RooflineFigures
  readonly scale: {
    readonly points: readonly ScalePoint[]
    readonly flatness: readonly Flatness[]
    readonly largest: readonly LargestProblem[]
  }
  readonly peers: { readonly groups: readonly PeerGroup[] }
}
type Read = { table4: TableFourPage; roofline: RooflinePage; scale: ScalePage; peers: PeersPage }
const asRead = (written: Written): Read => written

const pageOf = (...results: readonly ResultFile[]) =>
  generatePage(new Map(results.map((result, n) => [`${result.part}-${n}.json`, result])))

/** The lines of a table whose first cell is one of these; without what aligns them. */
const rowsOf = (markdown: string, ...first: readonly string[]): string[] =>
  markdown
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '))
    .filter((line) => first.some((cell) => line.startsWith(`| ${cell} |`)))

describe('the page', () => {
  it('says what was measured where, when, how and on what', () => {
    const { markdown, figures } = pageOf(resultOf('table4', TABLE_FOUR))
    expect(markdown).toContain('### A Processor, WebAssembly')
    expect(markdown).toContain(
      'Measured 2026-05-04 at commit 0123456789ab by `pnpm bench table4 --engine wasm` on real data (ml10m); A Processor, 2 cores, 8 GiB, ' +
        'linux x64, Node v20.19.0; the CPU by WebAssembly SIMD, 2 threads ([table4-0.json](results/table4-0.json)).',
    )
    expect(markdown).toContain('[NOTES.md](NOTES.md)')
    expect(markdown).toContain('[REPRODUCTION.md](REPRODUCTION.md)')
    expect([...figures.keys()]).toEqual(['table4-wasm-a-processor.svg'])
    expect(markdown).toContain('](figures/table4-wasm-a-processor.svg)')
  })

  it('has our seconds, ratios and the paper’s, and says what is extrapolated', () => {
    const { markdown } = pageOf(resultOf('table4', TABLE_FOUR))
    expect(rowsOf(markdown, 'original', 'gradient', 'dice \\~', 'dice ~')).toEqual([
      '| original | 4.00 [3.80, 4.40] | 1.000 | 47 | 1.00 | 11.75 | 1.00 |',
      '| gradient | 4.16 [3.95, 4.58] | 1.040 | 51 | 1.09 | 12.26 | 1.00 |',
      '| dice ~ | 310.00 [294.50, 341.00] | 3.100 | 307 | 2.44 | 0.99 | 1.00 |',
    ])
    expect(markdown).toContain('~ extrapolated from rounds of 25.0 to 25.0 % of an epoch’s steps.')
  })

  it('computes from the figures which targets are met', () => {
    const { markdown } = pageOf(resultOf('table4', TABLE_FOUR))
    const verdicts = markdown.split('\n').flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      return /\*\*(met|missed)\*\*/.test(line) ? [[cells[1], cells[4], cells[5], cells[6]]] : []
    })
    expect(verdicts).toEqual([
      [
        'gradient at most 1.02 × the original, LightGCN',
        'MovieLens-10M, LightGCN, gradient, 128 ~',
        '1.030 ×',
        '**missed**',
      ],
      ['gradient at most 1.05 × the original, MF', 'MovieLens-10M, MF, gradient, 128', '1.040 ×', '**met**'],
      [
        'every MF cell at least 10 times as fast as the V100',
        'MovieLens-10M, MF, original, 128',
        '11.75 times as fast',
        '**met**',
      ],
      [
        'every LightGCN cell faster than the V100',
        'MovieLens-10M, LightGCN, dice, 128 ~',
        '0.99 times as fast',
        '**missed**',
      ],
      [
        'DICE and MACR below the paper’s ratio to the original',
        'MovieLens-10M, LightGCN, dice, 128 ~',
        '3.10 ×, the paper 2.44 ×',
        '**missed**',
      ],
    ])
  })

  it('holds kernels against the device’s copies', () => {
    const { markdown, figures } = pageOf(resultOf('roofline', ROOFLINE))
    expect(rowsOf(markdown, 'score', 'host', 'step')).toEqual([
      // 2 GB/s of 10; 10 GB/s gathered, of the copy of 1 MiB to 1 MiB.
      '| score | 3.000 | 75.0 | 6.00 | 0.20 | 30.00 | 0.25 | 3.0 |',
      '| host | 1.000 | 25.0 | – | – | – | – | – |',
      '| step | 4.000 | 100.0 | 6.00 | 0.15 | 30.00 | – | 2.3 |',
    ])
    expect(markdown).toContain('1 MiB: 40.0, 256 MiB: 10.0. Multiplying and adding in registers: 50.0 GFLOP/s.')
    expect(figures.size).toBe(1)
  })

  it('has cost and memory by size, and what is refused', () => {
    const { markdown } = pageOf(resultOf('scale', SCALE))
    expect(rowsOf(markdown, '100,000')).toEqual([
      '| 100,000 | 2,000 | 10,000 | 4 | 488 | 0.052 | 32 MiB | 128 MiB | 256 MiB |',
    ])
    expect(markdown).toContain('Refused at 100,000,000,000 interactions and 10,000 items: it needs 1 TiB.')
    expect(rowsOf(markdown, 'wasm')).toEqual([
      '| wasm | MF | 200,000,000 interactions | 4.00 GiB | one memory can hold |',
    ])
  })

  it('has peers, and who could not be measured', () => {
    const { markdown } = pageOf(resultOf('peers', PEERS))
    expect(rowsOf(markdown, 'gradrec wasm, lazy, 2 threads (Adam, lazily)')).toEqual([
      '| gradrec wasm, lazy, 2 threads (Adam, lazily) | 2000.0 [1900.0, 2200.0] | 1.00 | 0.1234 | 256 |',
    ])
    expect(markdown).toContain('- not measured: PyTorch, 2 threads: no python3')
  })

  it('says plainly that no GPU has confirmed anything, until one has', () => {
    const onGpu = resultOf('table4', TABLE_FOUR, {
      engine: {
        name: 'webgpu',
        device: { name: 'A GPU', vendor: 'x', architecture: 'y', kind: 'hardware', reason: 'the only GPU' },
      },
    })
    const claim = 'no GPU has confirmed the WebGPU engine’s speed'
    expect(pageOf(resultOf('table4', TABLE_FOUR)).markdown).toContain(claim)
    const { markdown } = pageOf(resultOf('table4', TABLE_FOUR), onGpu)
    expect(markdown).not.toContain(claim)
    expect(markdown.indexOf('### A GPU, WebGPU')).toBeLessThan(markdown.indexOf('### A Processor, WebAssembly'))
  })

  it('labels quick results, and prefers full ones', () => {
    const quick = resultOf('table4', TABLE_FOUR, { quick: true, commit: 'feedfeedfeedfeed' })
    expect(pageOf(quick).markdown).toContain('**Quick: sampled steps and few rounds.** Measured')
    const { markdown } = pageOf(quick, resultOf('table4', TABLE_FOUR))
    expect(markdown).not.toContain('feedfeed')
    expect(markdown).not.toContain('Quick:')
  })

  it('names simulated data', () => {
    const data = [{ name: 'ml10m', source: 'simulated', users: 1, items: 1, interactions: 1, hash: '' }] as const
    expect(pageOf(resultOf('table4', TABLE_FOUR, { data })).markdown).toContain('on simulated data (ml10m);')
  })

  it('does without results', () => {
    const { markdown, figures } = pageOf()
    expect(markdown).toContain('Nothing has been measured for this page yet.')
    expect(figures.size).toBe(0)
  })

  it('reads what parts write', () => {
    const nothing: Written = {
      table4: { groups: [] },
      roofline: { roof: { copies: [{ bytes: 1, bytesPerSecond: 1 }] }, runs: [] },
      scale: { points: [], flatness: [], largest: [] },
      peers: { groups: [] },
    }
    const results = Object.entries(asRead(nothing)).map(([part, figures]) => resultOf(part, figures))
    expect(pageOf(...results).markdown).toContain('## Peers')
  })

  it('refuses figures that are not as they should be, by file and field', () => {
    const broken = structuredClone(ROOFLINE) as { runs: { kernels: { milliseconds: unknown }[] }[] }
    Object.assign(broken.runs[0]?.kernels[0] ?? {}, { milliseconds: { median: 'soon' } })
    expect(() => pageOf(resultOf('roofline', broken))).toThrow(
      'roofline-0.json: figures.runs.0.kernels.0.milliseconds.median is "soon"; expected number: measure it again with pnpm bench',
    )
  })
})

describe('the folder of the page', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gradrec-page-'))
    await mkdir(join(folder, 'results'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('gets the page and its figures, and loses those that are not shown any more', async () => {
    await writeResult(join(folder, 'results'), resultOf('table4', TABLE_FOUR))
    await mkdir(join(folder, 'figures'))
    await writeFile(join(folder, 'figures', 'old.svg'), '')
    expect(await writePage(folder)).toBe(join(folder, 'README.md'))
    expect(await readdir(join(folder, 'figures'))).toEqual(['table4-wasm-a-processor.svg'])
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('## Table IV')
  })

  it('may hold other results, but none of this format that are wrong', async () => {
    const write = (name: string, content: unknown) => writeFile(join(folder, 'results', name), JSON.stringify(content))
    await write('other.json', { anything: 1 })
    expect((await readResults(join(folder, 'results'))).size).toBe(0)
    const { machine: _, ...rest } = resultOf('table4', TABLE_FOUR)
    await write('broken.json', rest)
    await expect(writePage(folder)).rejects.toThrow('broken.json: machine is undefined; expected')
  })
})

it('is generated from the committed results', async () => {
  const folder = fileURLToPath(new URL('../../../../benchmarks', import.meta.url))
  const { markdown, figures } = generatePage(await readResults(join(folder, 'results')))
  expect(await readFile(join(folder, 'README.md'), 'utf8'), 'run pnpm bench page').toBe(markdown)
  for (const [name, svg] of figures) {
    expect(await readFile(join(folder, 'figures', name), 'utf8'), 'run pnpm bench page').toBe(`${svg}\n`)
  }
})
