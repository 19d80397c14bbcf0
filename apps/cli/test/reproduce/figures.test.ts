import { join } from 'node:path'
import { columnCounts, csrFromPairs } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { ARTEFACTS } from '../../src/reproduce/artefacts.ts'
import { ARTEFACT_NAMES } from '../../src/reproduce/artefactNames.ts'
import { bandsOf, itemGradients } from '../../src/reproduce/artefacts/fig1.ts'
import { judgedLosses } from '../../src/reproduce/artefacts/fig4.ts'
import { judgedMixes } from '../../src/reproduce/artefacts/fig7.ts'
import { judgedSurface } from '../../src/reproduce/artefacts/fig8.ts'
import { besidePaper, closenessOf } from '../../src/reproduce/besidePaper.ts'
import { mixedData } from '../../src/reproduce/mixedData.ts'
import { overSeeds } from '../../src/reproduce/overSeeds.ts'
import { PAPER_DATASETS, readPaper } from '../../src/reproduce/paper.ts'
import { quickData } from '../../src/reproduce/quickData.ts'

const BENCHMARKS = join(import.meta.dirname, '../../../../benchmarks')
const paper = await readPaper(BENCHMARKS)

describe('the paper’s numbers', () => {
  it('agree with each other where the paper has one twice', () => {
    for (const dataset of ['ml10m', 'adressa'] as const) {
      for (const backbone of ['mf', 'lgn'] as const) {
        expect(paper.table5.values[dataset][backbone].ours).toEqual(paper.table3.values[dataset][backbone].gradient)
      }
    }
    expect([paper.table1.users.all[0], paper.table1.items.all[0]]).toEqual(paper.table2.values.ml10m.slice(0, 2))
    const { users, items } = paper.table1
    expect(users.active[0] + users.inactive[0]).toBe(users.all[0])
    expect(items.popular[0] + items.unpopular[0]).toBe(items.all[0])
  })

  it('have gradient first in every column of Table III, and above every row of Table V', () => {
    for (const dataset of PAPER_DATASETS) {
      for (const rows of Object.values(paper.table3.values[dataset])) {
        const { gradient, ...others } = rows
        for (const other of Object.values(others)) {
          for (const m of [0, 1, 2] as const) expect(gradient[m]).toBeGreaterThan(other[m])
        }
      }
    }
    for (const backbones of Object.values(paper.table5.values)) {
      for (const { ours, ...others } of Object.values(backbones)) {
        for (const other of Object.values(others)) {
          for (const m of [0, 1, 2] as const) expect(ours[m]).toBeGreaterThan(other[m])
        }
      }
    }
  })

  it('do not give the improvements that the paper’s text speaks of', () => {
    const improvement = (m: 0 | 1 | 2): number => {
      const gains = PAPER_DATASETS.map((name) => {
        const { original, gradient } = paper.table3.values[name].mf
        return 100 * (gradient[m] / original[m] - 1)
      })
      return gains.reduce((sum, gain) => sum + gain, 0) / gains.length
    }
    // As the page says.
    expect([0, 1, 2].map((m) => improvement(m as 0).toFixed(2))).toEqual(['42.73', '28.33', '51.88'])
    expect(paper.improvements.values.mf).toEqual([37.33, 33.87, 51.79])
  })

  it('have an artefact each, by one list of names', () => {
    expect(ARTEFACTS.map(({ name }) => name)).toEqual(ARTEFACT_NAMES)
  })
})

describe('numbers over seeds', () => {
  it('are a mean and the sample’s standard deviation, which one seed does not have', () => {
    expect(overSeeds([0.25])).toEqual({ mean: 0.25, sd: null })
    // Deviations −2, 0, 2: (4 + 0 + 4) / 2 = 4.
    expect(overSeeds([1, 3, 5])).toEqual({ mean: 3, sd: 2 })
  })

  it('stand beside the paper’s', () => {
    expect(besidePaper({ mean: 0.1762, sd: null }, 0.173)).toBe('0.1762 (0.173, +2 %)')
    expect(besidePaper({ mean: 0.0772, sd: 0.00123 }, 0.096)).toBe('0.0772 ± 0.0012 (0.096, −20 %)')
    expect(besidePaper({ mean: 0.5, sd: null }, undefined)).toBe('0.5000')
    expect(besidePaper(undefined, 0.082)).toBe('– (0.082)')
    expect(besidePaper(undefined, undefined)).toBe('–')
  })

  it('are near the paper’s up to 5 % of it', () => {
    const pairs = [
      [1.05, 1],
      [0.95, 1],
      [1.06, 1],
      [0.94, 1],
      [0.9, 1],
    ] as const
    expect(closenessOf(pairs)).toEqual({ compared: 5, near: 2, above: 1, below: 2 })
  })
})

describe('Fig. 1', () => {
  it('has cosines and norms of accumulated gradients, most popular first', () => {
    // Item 1 is drawn by two users, item 0 by one, item 2 by none.
    const seen = csrFromPairs([0, 1, 0], [1, 1, 0], 2, 3)
    const matrix = (...values: number[]) => ({ rows: 3, dimension: 4, values: Float32Array.from(values) })
    const users = { rows: 2, dimension: 4, values: new Float32Array(8) }
    const items = itemGradients(
      {
        positive: { users, items: matrix(3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0) },
        negative: { users, items: matrix(0, -4, 0, 0, 0, -1, 0, 0, -2, 0, 0, 0) },
      },
      seen,
    )
    // G = (0, 3): along the positive part, against the negative one.
    expect(items[0]).toEqual({
      popularityRank: 1,
      positiveCosine: 1,
      negativeCosine: -1,
      positiveNorm: 4,
      negativeNorm: 1,
    })
    // G = (3, −4) of length 5.
    expect(items[1]?.positiveCosine).toBeCloseTo(3 / 5, 12)
    expect(items[1]?.negativeCosine).toBeCloseTo(4 / 5, 12)
    // Never a positive: no direction to compare.
    expect(items[2]).toMatchObject({
      popularityRank: 3,
      positiveCosine: Number.NaN,
      negativeCosine: 1,
      negativeNorm: 2,
    })
  })

  it('is summed up by medians over shares of the items', () => {
    const items = Array.from({ length: 20 }, (_, n) => ({
      popularityRank: n + 1,
      positiveCosine: n === 19 ? Number.NaN : n,
      negativeCosine: -n,
      positiveNorm: 2 * n,
      negativeNorm: 1,
    }))
    const bands = bandsOf(items)
    expect(bands.map((band) => band.items)).toEqual([1, 1, 1, 1, 4, 4, 4, 4])
    expect(bands[0]).toMatchObject({ from: 0, to: 0.05, positiveCosine: 0, positiveNorm: 0 })
    // Items 4 to 7.
    expect(bands[4]).toMatchObject({ positiveCosine: 5.5, negativeCosine: -5.5, positiveNorm: 11 })
    // Items 16 to 19, of which the last has no cosine.
    expect(bands[7]).toMatchObject({ positiveCosine: 17, positiveNorm: 35 })
  })
})

describe('Fig. 8', () => {
  const surfaceOf = (recallAt: (user: number, item: number) => number) => {
    const grid = Array.from({ length: 11 }, (_, n) => n / 5)
    const recall = grid.map((user) => grid.map((item) => recallAt(user, item)))
    return judgedSurface({ dataset: 'ml10m', backbone: 'mf', grid, recall, dials: {} }, paper).map(({ holds }) => holds)
  }

  it('is held against what the paper says about α1 and α2', () => {
    expect(surfaceOf((user, item) => 1 - (user - 0.5) ** 2 + item)).toEqual([true, true, true])
    expect(surfaceOf((user, item) => 1 + user - item)).toEqual([false, false, false])
    // Nothing changes: no statement of more or less holds.
    expect(surfaceOf(() => 1)).toEqual([true, false, false])
  })
})

describe('Fig. 4', () => {
  it('holds where ours is better by every metric, with each loss on its own', () => {
    const bar = (loss: 'bpr' | 'bce', method: 'original' | 'gradient', ...metrics: number[]) => ({
      loss,
      method,
      metrics,
    })
    const bars = [
      bar('bpr', 'original', 0.1, 0.2, 0.3),
      bar('bpr', 'gradient', 0.2, 0.3, 0.4),
      bar('bce', 'original', 0.1, 0.2, 0.3),
      bar('bce', 'gradient', 0.2, 0.3, 0.2),
    ]
    const about = { dataset: 'ml10m', backbone: 'mf' } as const
    expect(judgedLosses({ ...about, bars }, paper).map(({ holds }) => holds)).toEqual([true, false])
    // Nothing is said about a loss that one of the two lacks.
    expect(judgedLosses({ ...about, bars: bars.slice(0, 3) }, paper)).toHaveLength(1)
  })
})

describe('Fig. 7', () => {
  const judge = (...gains: number[]): boolean[] => {
    return judged(gains, gains).slice(0, 2)
  }

  /** With dials chosen once, then with dials found for each mixture. */
  const judged = (gains: readonly number[], retuned: readonly number[]): boolean[] => {
    const shares = paper.intervenedShares.values
    const points = gains.map((gain, n) => ({
      share: shares[n] ?? Number.NaN,
      metrics: {
        original: [0.5, 0, 0],
        gradient: [0.5 + gain, 0, 0],
        retuned: [0.5 + (retuned[n] ?? Number.NaN), 0, 0],
      },
      dials: {},
    }))
    return judgedMixes({ dataset: 'ml10m', backbone: 'mf', points }, paper).map(({ holds }) => holds)
  }

  it('is held against where the paper’s method begins to win, and where it wins most', () => {
    expect(judge(-0.2, -0.1, 0.1, 0.2, 0.3)).toEqual([true, true])
    expect(judge(-0.2, 0.05, 0.1, 0.2, 0.3)).toEqual([false, true])
    expect(judge(-0.2, -0.1, 0.1, 0.3, 0.2)).toEqual([true, false])
    expect(judge(-0.5, -0.4, -0.3, -0.2, -0.1)).toEqual([false, false])
    expect(judged([-0.2, -0.1, -0.05, 0.2, 0.3], [-0.1, -0.05, 0.1, 0.2, 0.3])).toEqual([false, true, true, true])
  })

  it('trains on one part and tests on mixtures of one size', async () => {
    const data = await quickData('netflix')
    const mixes = [...(await mixedData(data, [0, 0.5, 1])).values()]
    const sizes = mixes.map(({ parts: { validation, test } }) => [validation?.columns.length, test?.columns.length])
    expect(new Set(sizes.map(String)).size).toBe(1)
    for (const { parts, users, items } of mixes) {
      expect(parts.train).toEqual(mixes[0]?.parts.train)
      expect([users, items]).toEqual([data.users, data.items])
    }
    expect(new Set(mixes.map(({ hash }) => hash)).size).toBe(3)
    // The more of a test is intervened, the less popular its items are.
    const popularity = columnCounts(data.parts.train)
    const means = mixes.map(({ parts }) => {
      const columns = [...(parts.test?.columns ?? [])]
      return columns.reduce((sum, item) => sum + (popularity[item] ?? 0), 0) / columns.length
    })
    expect(means.toSorted((a, b) => b - a)).toEqual(means)
  })
})
