import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { METRIC_NAMES } from '@gradrec/core'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import type { Results } from '../src/run/results.ts'
import { testContext } from './testContext.ts'
import { gradrec, tinyRun } from './tinyRun.ts'

interface EvaluationFile {
  readonly dials: Record<string, number>
  readonly k: readonly number[]
  readonly against?: string
  readonly parts: readonly {
    readonly part: string
    readonly users: number
    readonly metrics: Record<string, { readonly value: number; readonly low: number; readonly high: number }>
    readonly popularityGroups: Record<string, readonly { readonly items: number; readonly share: number }[]>
    readonly baselines: Record<string, Record<string, number>>
    readonly comparison?: Record<
      string,
      { readonly difference: number; readonly interval: { readonly low: number; readonly high: number } }
    >
  }[]
}

async function evaluationFile(folder: string): Promise<EvaluationFile> {
  return JSON.parse(await readFile(join(folder, 'evaluation.json'), 'utf8')) as EvaluationFile
}

const FEW = ['--resamples', '100'] as const

describe('gradrec evaluate', () => {
  it('measures every metric on every test part, with intervals, and the popularity groups', async () => {
    const folder = await tinyRun()
    const { exitCode, out, err } = await gradrec('evaluate', folder, '--k', '3,5', ...FEW)
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: expect.stringContaining('engine    oracle') as string })
    const { parts, k } = await evaluationFile(folder)
    expect(k).toEqual([3, 5])
    expect(parts.map(({ part }) => part)).toEqual(['test', 'biasedTest'])
    for (const { metrics, popularityGroups } of parts) {
      expect(Object.keys(metrics)).toHaveLength(2 * METRIC_NAMES.length)
      for (const { value, low, high } of Object.values(metrics)) {
        expect(low).toBeLessThanOrEqual(high)
        expect(Number.isFinite(value)).toBe(true)
      }
      const { value, low, high } = metrics['recall@5']!
      expect(low).toBeLessThan(value)
      expect(high).toBeGreaterThan(value)
      for (const groups of Object.values(popularityGroups)) {
        expect(groups.map(({ items }) => items)).toEqual([2, 2, 2, 2, 32])
        expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
      }
    }
    expect(out).toMatch(/^ +test +biased test$/m)
    expect(out).toMatch(/^Gini@3 ↓ +\d\.\d{4} \[/m)
    expect(out).toMatch(/^1: most popular 5 % +2 /m)
  })

  it('measures what training measured', async () => {
    const folder = await tinyRun()
    expect((await gradrec('evaluate', folder, ...FEW, '--quiet')).exitCode).toBe(0)
    const { parts } = await evaluationFile(folder)
    const { out } = await gradrec('evaluate', folder, ...FEW, '--json', '--quiet')
    expect((JSON.parse(out) as EvaluationFile).parts).toEqual(parts)
    const trained = await readFile(join(folder, 'metrics.json'), 'utf8')
    expect(trained).toContain(String(parts[0]?.metrics['recall@5']?.value))
  })

  it('takes other dials and a part', async () => {
    const folder = await tinyRun()
    const said = ['--alpha-item', '2', '--alpha-user', '-0.5', '--part', 'validation']
    expect((await gradrec('evaluate', folder, ...said, ...FEW)).err).toContain('αItem 2, αUser -0.5')
    const { dials, parts } = await evaluationFile(folder)
    expect(dials).toEqual({ alphaItem: 2, alphaUser: -0.5 })
    expect(parts.map(({ part }) => part)).toEqual(['validation'])
  })

  it('compares with another run user by user', async () => {
    const folder = await tinyRun()
    const other = await tinyRun('--method', 'original', '--epochs', '1')
    const { out } = await gradrec('evaluate', folder, '--against', other, ...FEW)
    const { parts, against } = await evaluationFile(folder)
    await gradrec('evaluate', other, ...FEW, '--quiet')
    const others = await evaluationFile(other)
    expect(against).toBe(other)
    parts.forEach(({ metrics, comparison }, n) => {
      for (const [key, { difference, interval }] of Object.entries(comparison ?? {})) {
        expect(difference).toBeCloseTo(metrics[key]!.value - others.parts[n]!.metrics[key]!.value, 12)
        expect(interval.low).toBeLessThanOrEqual(interval.high)
      }
      expect(Object.keys(comparison ?? {})).toEqual(Object.keys(metrics))
    })
    expect(out).toContain('Effect size')
  })

  it('shows the recommenders without training, and compares with each', async () => {
    const folder = await tinyRun('--method', 'original')
    const { out } = await gradrec('evaluate', folder, ...FEW)
    const { parts } = await evaluationFile(folder)
    const values = parts.map(({ baselines }) =>
      Object.entries(baselines).map(([name, all]) => [name, all['recall@5'] ?? Number.NaN] as const),
    )
    const trained = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')) as Results
    parts.forEach(({ baselines }, n) => {
      expect(baselines['most-popular']).toEqual(trained.parts[n]?.mostPopular)
      expect(baselines['item-knn']).toEqual(trained.parts[n]?.itemKnn)
    })
    for (const [name, recall] of values[0] ?? []) {
      expect(out).toMatch(new RegExp(`^${name} +${recall.toFixed(4)} `, 'm'))
      await gradrec('evaluate', folder, '--against', name, ...FEW, '--quiet')
      const [first] = (await evaluationFile(folder)).parts
      const { value } = first!.metrics['recall@5']!
      expect(first?.comparison?.['recall@5']?.difference).toBeCloseTo(value - recall, 12)
    }
  })

  it('finds no difference from itself, and compares with most-popular', async () => {
    const folder = await tinyRun('--alpha-item', '0', '--alpha-user', '0')
    await gradrec('evaluate', folder, '--against', 'dials-off', ...FEW, '--quiet')
    for (const { comparison } of (await evaluationFile(folder)).parts) {
      for (const { difference, interval } of Object.values(comparison ?? {})) {
        expect({ difference, ...interval }).toEqual({ difference: 0, low: 0, high: 0 })
      }
    }
    const { out } = await gradrec('evaluate', folder, '--against', 'most-popular', ...FEW)
    expect(out).toMatch(/^biased test +model +most-popular +difference +95 % interval +effect size$/m)
  })

  it('refuses a run on other data, dials that are not there and parts that are not', async () => {
    const folder = await tinyRun()
    const elsewhere = await tinyRun('--data-seed', '3')
    const other = await gradrec('evaluate', folder, '--against', elsewhere)
    expect(other.exitCode).toBe(1)
    expect(other.err).toMatch(/error \[E_DATASET\]: .* was trained on other data \(hash /)
    const plain = await tinyRun('--method', 'original')
    expect((await gradrec('evaluate', plain, '--alpha-item', '1')).err).toContain(
      'error [E_USAGE]: --alpha-item means nothing with method original',
    )
    expect((await gradrec('evaluate', plain, '--against', 'dials-off')).err).toContain('has no dials')
    expect((await gradrec('evaluate', plain, '--against', plain, '--k', '2.5')).exitCode).toBe(2)
  })

  it('stops on Ctrl-C with 130', async () => {
    const folder = await tinyRun()
    const context = testContext({ onText: (text) => text.startsWith('engine') && context.interrupt() })
    expect(await run(['evaluate', folder], context)).toBe(130)
    expect(context.out()).toBe('')
  })

  it.each([
    [['--part', 'tests'], '--part is "tests"; expected test, biasedTest, validation'],
    [['--k', '0'], '--k is "0"; expected whole numbers from 1 to 1024'],
    [['--resamples', '7'], '--resamples is "7"; expected a whole number from 100 on'],
    [['--alpha-item', 'much'], '--alpha-item is "much"; expected a number'],
  ])('refuses %j', async (flags, message) => {
    const folder = await tinyRun()
    const { exitCode, err } = await gradrec('evaluate', folder, ...flags)
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(message) as string })
  })
})
