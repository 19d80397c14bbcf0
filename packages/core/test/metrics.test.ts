import { describe, expect, it } from 'vitest'
import { hitRate, isMetricKey, metricLabel, ndcg, parseMetricKey, recall } from '../src/index.ts'

describe('one user’s list', () => {
  // Hit ranks from 0, held-out items, k, then Recall, HR and NDCG worked out by hand with log2.
  it.each([
    { ranks: [], heldOut: 3, k: 5, recall: 0, hitRate: 0, ndcg: 0 },
    { ranks: [0], heldOut: 1, k: 5, recall: 1, hitRate: 1, ndcg: 1 },
    { ranks: [1], heldOut: 1, k: 5, recall: 1, hitRate: 1, ndcg: 1 / Math.log2(3) },
    { ranks: [2], heldOut: 2, k: 5, recall: 0.5, hitRate: 1, ndcg: 0.5 / (1 + 1 / Math.log2(3)) },
    { ranks: [0, 1], heldOut: 7, k: 2, recall: 2 / 7, hitRate: 1, ndcg: 1 },
    { ranks: [0, 2], heldOut: 3, k: 3, recall: 2 / 3, hitRate: 1, ndcg: 1.5 / (1.5 + 1 / Math.log2(3)) },
  ])('hits at $ranks of $heldOut held out, k $k', ({ ranks, heldOut, k, ...expected }) => {
    expect(recall(ranks, heldOut, k)).toBeCloseTo(expected.recall, 14)
    expect(hitRate(ranks, heldOut, k)).toBe(expected.hitRate)
    expect(ndcg(ranks, heldOut, k)).toBeCloseTo(expected.ndcg, 14)
  })
})

describe('metric keys', () => {
  it.each(['recall@20', 'hitRate@1', 'ndcg@100'])('%s is one', (key) => expect(isMetricKey(key)).toBe(true))
  it.each(['recall', 'recall@', 'recall@0', 'recall@2.5', 'recall@-1', 'map@20', 'recall@20@2', 'toString@2', ''])(
    '"%s" is none',
    (key) => expect(isMetricKey(key)).toBe(false),
  )
  it('come apart and have labels', () => {
    expect(parseMetricKey('hitRate@50')).toEqual({ name: 'hitRate', k: 50 })
    expect(metricLabel('hitRate@50')).toBe('HR@50')
  })
})
