import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isAccuracyKey,
  isMetricKey,
  isPerUserKey,
  itemPopularity,
  METRIC_NAMES,
  metricLabel,
  METRICS,
  parseMetricKey,
  type AccuracyName,
  type ListsName,
  type ListTotals,
  type PerUserName,
} from '../src/index.ts'
import { handmadeDataset } from './handmadeDataset.ts'

function accuracy(name: AccuracyName, ranks: readonly number[], heldOut: number, k: number): number {
  return METRICS[name].of({ ranks, hits: ranks.length, heldOut, k })
}

describe('accuracy of one user’s list', () => {
  const log3 = Math.log2(3)
  // Hit ranks from 0, held-out items and k; the metrics worked out by hand.
  it.each([
    { ranks: [], heldOut: 3, k: 5, recall: 0, hitRate: 0, ndcg: 0, precision: 0, mrr: 0, map: 0 },
    { ranks: [0], heldOut: 1, k: 5, recall: 1, hitRate: 1, ndcg: 1, precision: 1 / 5, mrr: 1, map: 1 },
    { ranks: [1], heldOut: 1, k: 5, recall: 1, hitRate: 1, ndcg: 1 / log3, precision: 1 / 5, mrr: 1 / 2, map: 1 / 2 },
    {
      ranks: [2],
      heldOut: 2,
      k: 5,
      recall: 0.5,
      hitRate: 1,
      ndcg: 0.5 / (1 + 1 / log3),
      precision: 1 / 5,
      mrr: 1 / 3,
      map: 1 / 3 / 2,
    },
    { ranks: [0, 1], heldOut: 7, k: 2, recall: 2 / 7, hitRate: 1, ndcg: 1, precision: 1, mrr: 1, map: 1 },
    {
      ranks: [0, 2],
      heldOut: 3,
      k: 3,
      recall: 2 / 3,
      hitRate: 1,
      ndcg: 1.5 / (1.5 + 1 / log3),
      precision: 2 / 3,
      mrr: 1,
      map: (1 + 2 / 3) / 3,
    },
  ])('hits at $ranks of $heldOut held out, k $k', ({ ranks, heldOut, k, ...expected }) => {
    for (const [name, value] of Object.entries(expected)) {
      expect(accuracy(name as AccuracyName, ranks, heldOut, k), name).toBeCloseTo(value, 14)
    }
  })

  it('is 1 for a perfect list, and never more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (heldOut, k) => {
        const perfect = Array.from({ length: Math.min(heldOut, k) }, (_, rank) => rank)
        for (const name of ['ndcg', 'map', 'mrr', 'hitRate'] as const) {
          expect(accuracy(name, perfect, heldOut, k)).toBeCloseTo(1, 12)
        }
        expect(accuracy('recall', perfect, heldOut, k)).toBeLessThanOrEqual(1)
        expect(accuracy('precision', perfect, heldOut, k)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('values of items', () => {
  // Counts 3, 2, 2, 0 among four users, one of them without interactions.
  const popularity = itemPopularity(handmadeDataset(4, { train: [[0, 1], [0, 2], [0, 1, 2], []] }))
  const values = (name: PerUserName): number[] => {
    const metric = METRICS[name]
    return metric.kind === 'itemMean' ? [...metric.valuesOf(popularity)] : []
  }

  it('are counts, quantiles, tail membership and surprise', () => {
    expect(values('arp')).toEqual([3, 2, 2, 0])
    // Ranks from the least popular with interactions up: the two of 2 share 1 and 2.
    expect(values('popularityRank')).toEqual([1, 0.5, 0.5, 0])
    // 80 % of 7 is 5.6: item 0 has 3, with item 1 it is 5, and item 2 reaches it and is left out.
    expect(values('aplt')).toEqual([0, 0, 1, 1])
    expect(values('novelty')).toEqual([0, Math.log2(3 / 2), Math.log2(3 / 2), Math.log2(3)])
  })
})

describe('item popularity', () => {
  it('has four groups of 5 % of the items and the rest', () => {
    // Item i has 41 − i interactions, but the first two are tied.
    const counts = Array.from({ length: 40 }, (_, i) => Math.min(39, 40 - i))
    const train = Array.from({ length: 40 }, (_, u) => counts.flatMap((count, i) => (u < count ? [i] : [])))
    const { groupOf, groupSizes } = itemPopularity(handmadeDataset(40, { train }))
    expect(groupSizes).toEqual([2, 2, 2, 2, 32])
    expect([...groupOf.subarray(0, 10)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  })

  it('leaves groups of small catalogues empty', () => {
    const { groupSizes } = itemPopularity(handmadeDataset(9, { train: [[0]] }))
    expect(groupSizes).toEqual([0, 0, 1, 0, 8])
  })
})

describe('metrics of all lists together', () => {
  const popularity = itemPopularity(handmadeDataset(4, { train: [[0, 1], [0, 2], [0, 1, 2], []] }))
  const totals: ListTotals = {
    exposure: Uint32Array.of(4, 0, 1, 3),
    slots: 8,
    listed: { head: 4, tail: 4 },
    hits: { head: 3, tail: 1 },
    heldOut: { head: 4, tail: 4 },
    candidates: { head: 5, tail: 10 },
    popularity,
  }
  const value = (name: ListsName, of: ListTotals = totals): number => METRICS[name].of(of)

  it('agree with what was worked out by hand', () => {
    expect(value('itemCoverage')).toBe(3 / 4)
    expect(value('tailCoverage')).toBe(1)
    // Ascending 0 1 3 4 with weights −3 −1 1 3.
    expect(value('gini')).toBeCloseTo((-1 + 3 + 12) / (4 * 8), 14)
    expect(value('entropy')).toBeCloseTo(Math.log(2) / 2 + Math.log(8) / 8 + (3 / 8) * Math.log(8 / 3), 14)
    expect(value('normalisedEntropy')).toBeCloseTo(value('entropy') / Math.log(4), 14)
    // Rates 3/4 and 1/4: mean 1/2, deviation 1/4.
    expect(value('popReo')).toBeCloseTo(0.5, 14)
    // Rates 4/5 and 4/10: mean 3/5, deviation 1/5.
    expect(value('popRsp')).toBeCloseTo(1 / 3, 14)
  })

  it('stay numbers when there is nothing', () => {
    const none = { head: 0, tail: 0 }
    const empty = { ...totals, exposure: new Uint32Array(4), slots: 0, listed: none, hits: none, heldOut: none }
    for (const name of METRIC_NAMES) {
      const metric = METRICS[name]
      if (metric.kind === 'lists') expect(metric.of({ ...empty, candidates: none }), name).toBe(0)
    }
  })

  it('range from even exposure to one item for all', () => {
    const even = { ...totals, exposure: Uint32Array.of(2, 2, 2, 2) }
    const single = { ...totals, exposure: Uint32Array.of(0, 0, 8, 0) }
    expect([value('gini', even), value('gini', single)]).toEqual([0, 3 / 4])
    expect(value('normalisedEntropy', even)).toBeCloseTo(1, 14)
    expect(value('entropy', single)).toBe(0)
  })

  it('Gini is half the mean difference over the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }), (lists) => {
        const slots = lists.reduce((sum, count) => sum + count, 0)
        const n = lists.length
        const differences = lists.flatMap((a) => lists.map((b) => Math.abs(a - b))).reduce((sum, x) => sum + x, 0)
        const expected = slots === 0 ? 0 : differences / (2 * n * slots)
        expect(value('gini', { ...totals, exposure: Uint32Array.from(lists), slots })).toBeCloseTo(expected, 12)
      }),
    )
  })
})

describe('metric keys', () => {
  it.each(['recall@20', 'hitRate@1', 'ndcg@100', 'gini@20', 'popReo@5'])('%s is one', (key) =>
    expect(isMetricKey(key)).toBe(true),
  )
  it.each(['recall', 'recall@', 'recall@0', 'recall@2.5', 'recall@-1', 'auc@20', 'recall@20@2', 'toString@2', ''])(
    '"%s" is none',
    (key) => expect(isMetricKey(key)).toBe(false),
  )
  it('come apart and have labels', () => {
    expect(parseMetricKey('hitRate@50')).toEqual({ name: 'hitRate', k: 50 })
    expect(metricLabel('hitRate@50')).toBe('HR@50')
    expect(metricLabel('arp@20')).toBe('ARP@20')
  })
  it('know whether users have values', () => {
    expect([isPerUserKey('arp@20'), isPerUserKey('gini@20')]).toEqual([true, false])
    expect([isAccuracyKey('map@20'), isAccuracyKey('arp@20'), isAccuracyKey('x@20')]).toEqual([true, false, false])
  })
  it('are each listed once, with a label of their own', () => {
    expect([...METRIC_NAMES].sort()).toEqual(Object.keys(METRICS).sort())
    expect(new Set(METRIC_NAMES.map((name) => METRICS[name].label)).size).toBe(METRIC_NAMES.length)
  })
})
