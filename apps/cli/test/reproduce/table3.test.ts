import type { Evaluation, MethodKind } from '@gradrec/core'
import { describe, expect, it } from 'vitest'
import {
  againstBestOf,
  emptyRow,
  withEarlierRows,
  type ComparedGroup,
  type ComparedRow,
} from '../../src/reproduce/artefacts/comparedGroup.ts'
import { meanEvaluation } from '../../src/reproduce/overSeeds.ts'

/** An evaluation of users 0, 1, 2 … with a recall each; the other metrics are the same everywhere. */
function evaluationOf(recall: readonly number[]): Evaluation {
  const same = Float64Array.from(recall, () => 0.5)
  const mean = recall.reduce((sum, value) => sum + value, 0) / recall.length
  return {
    part: 'test',
    users: Uint32Array.from(recall.keys()),
    perUser: { 'recall@20': Float64Array.from(recall), 'hitRate@20': same, 'ndcg@20': same },
    metrics: { 'recall@20': mean, 'hitRate@20': 0.5, 'ndcg@20': 0.5 },
  }
}

describe('evaluations of several seeds', () => {
  it('are one in which every user has the mean', () => {
    const mean = meanEvaluation([evaluationOf([0, 1, 0.5]), evaluationOf([1, 1, 0])])
    expect([...(mean.perUser['recall@20'] ?? [])]).toEqual([0.5, 1, 0.25])
    expect(mean.metrics['recall@20']).toBeCloseTo(3.5 / 6, 12)
  })
})

describe('gradient against the best other row', () => {
  it('takes the best by each metric, of the paper’s rows alone, and pairs users', () => {
    const users = 60
    const ours = Array.from({ length: users }, (_, n) => 0.6 + (n % 3) / 10)
    const evaluations = new Map([
      ['gradient', evaluationOf(ours)],
      ['original', evaluationOf(ours.map((value) => value - 0.4))],
      // Exactly 0.1 below ours for every user: the paired difference has no spread at all.
      ['dice', evaluationOf(ours.map((value) => value - 0.1))],
      ['pda', evaluationOf(ours.map(() => 1))],
    ] as const)
    const rows = [...evaluations].map(([method, { metrics }]) => rowOf(method, metrics['recall@20']))
    const [recall, hitRate] = againstBestOf(evaluations, rows)
    expect(recall).toMatchObject({ metric: 'recall@20', against: 'dice' })
    for (const value of [recall?.difference, recall?.low, recall?.high]) expect(value).toBeCloseTo(0.1, 9)
    expect(hitRate).toMatchObject({ difference: 0, low: 0, high: 0 })
    expect(againstBestOf(new Map([['gradient', evaluationOf(ours)]]), [rowOf('gradient', 1)])).toEqual([])
    expect(againstBestOf(new Map([['original', evaluationOf(ours)]]), [rowOf('original', 1)])).toEqual([])
  })

  it('says nothing by a metric whose best row is an earlier result’s, of which no user is known', () => {
    const evaluations = new Map([
      ['gradient', evaluationOf([0.6, 0.8])],
      ['original', evaluationOf([0.5, 0.7])],
    ] as const)
    const rows = [rowOf('gradient', 0.7, 0.5, 0.5), rowOf('original', 0.6, 0.5, 0.5), rowOf('macr', 0.65, 0.1, 0.1)]
    expect(againstBestOf(evaluations, rows).map(({ metric, against }) => [metric, against])).toEqual([
      ['hitRate@20', 'original'],
      ['ndcg@20', 'original'],
    ])
  })

  it('stays what an earlier result says where both rows are its own and the other is still the best', () => {
    const said = {
      metric: 'recall@20',
      against: 'macr',
      difference: 0.05,
      low: 0.04,
      high: 0.06,
      effectSize: 1,
    } as const
    const evaluations = new Map([['cause', evaluationOf([0.5, 0.7])]] as const)
    const rows = [rowOf('cause', 0.6), rowOf('macr', 0.65), rowOf('gradient', 0.7)]
    const before = { againstBest: [said], kept: ['macr', 'gradient'] as const }
    expect(againstBestOf(evaluations, rows, before)).toEqual([said])
    expect(againstBestOf(evaluations, [rowOf('cause', 0.66), ...rows.slice(1)], before)).toEqual([])
    expect(againstBestOf(evaluations, rows, { ...before, kept: ['macr'] })).toEqual([])
  })
})

/** A trained row with the paper's three metrics. */
function rowOf(method: MethodKind, ...means: (number | undefined)[]): ComparedRow {
  const [recall = 0, hitRate = 0.5, ndcg = 0.5] = means
  const ours = [recall, hitRate, ndcg].map((mean) => ({ mean, sd: null }))
  return { ...emptyRow(method), seeds: [1], ours }
}

describe('a group with rows of an earlier result', () => {
  const group = (users: number, ...rows: ComparedRow[]): ComparedGroup => ({
    dataset: 'gowalla',
    backbone: 'mf',
    users,
    rows,
    againstBest: [],
  })
  const knn = { ...emptyRow(undefined), label: 'item-knn' }

  it('has its own rows and the others, in the order of the table', () => {
    const now = group(9, emptyRow('original'), emptyRow('dice'), rowOf('macr', 0.2), rowOf('gradient', 0.3), knn)
    const before = group(9, rowOf('original', 0.1), emptyRow('dice'), rowOf('macr', 0.9), rowOf('pd', 0.4), knn)
    const { group: whole, kept } = withEarlierRows(now, before)
    expect(whole.rows.map(({ label, ours }) => [label, ours?.[0]?.mean])).toEqual([
      ['original', 0.1],
      ['dice', undefined],
      ['macr', 0.2],
      ['gradient', 0.3],
      ['pd', 0.4],
      ['item-knn', undefined],
    ])
    expect(kept).toEqual(['original', 'pd'])
  })

  it('takes no row that is of other users', () => {
    const now = group(9, emptyRow('original'), rowOf('gradient', 0.3))
    const before = group(8, rowOf('original', 0.1))
    expect(withEarlierRows(now, before)).toEqual({ group: now, kept: [] })
    expect(withEarlierRows(now, undefined)).toEqual({ group: now, kept: [] })
  })
})
