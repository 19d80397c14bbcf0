import type { FitSpec } from '@gradrec/engine'
import { BASELINE_RUNS } from './baselineRuns.ts'
import { ADAM, randomInteractions, usersOfZeros } from './randomRun.ts'

const UNIT_BPR = { kind: 'bpr', l2: 0.01, userNorm: 'unit' } as const
const UNIT_BCE = { kind: 'bce', l2: 0.01, userNorm: 'unit' } as const
const LAZY = { ...ADAM, update: 'lazy' } as const

/** Runs at the borders of what a spec allows: what they change of `randomSpec`. */
export const RUNS: readonly (readonly [string, Partial<FitSpec>])[] = [
  [
    'mf, one negative, width 4, batch 1',
    { dimension: 4, batch: 1, sampler: { positives: 'interaction', negatives: 1 } },
  ],
  ['mf, width 12, batch of all', { dimension: 12, batch: randomInteractions(60, 45, 500).columns.length }],
  [
    'mf, width 64, a short last batch',
    { dimension: 64, batch: 77, sampler: { positives: 'interaction', negatives: 5 } },
  ],
  ['mf, width 512, many negatives', { dimension: 512, batch: 16, sampler: { positives: 'user', negatives: 9 } }],
  ['mf, 64 negatives', { batch: 20, sampler: { positives: 'interaction', negatives: 64 } }],
  ['mf, more slots than users', { batch: 200, sampler: { positives: 'user', negatives: 2 } }],
  ['mf, three items', { interactions: randomInteractions(80, 3, 300), batch: 90 }],
  ['mf, no l2', { objective: { kind: 'bpr', l2: 0 } }],
  [
    'mf, amsgrad with weight decay',
    { optimizer: { ...ADAM, amsgrad: true, beta1: 0.5, beta2: 0.99, weightDecay: 0.01 } },
  ],
  ['mf, adam without momentum', { optimizer: { ...ADAM, beta1: 0, beta2: 0.9 } }],
  ['mf, sgd', { optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } }],
  ['mf, sgd with weight decay', { optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 } }],
  [
    'mf, lazy amsgrad, width 64, few rows touched',
    { dimension: 64, batch: 3, optimizer: { ...ADAM, update: 'lazy', amsgrad: true, beta1: 0.5, beta2: 0.99 } },
  ],
  [
    'mf, lazy adam without memory of squares',
    { batch: 3, optimizer: { ...ADAM, update: 'lazy', beta2: 0, learningRate: 1e-3 } },
  ],
  ['mf, lazy adam without momentum', { batch: 3, optimizer: { ...ADAM, update: 'lazy', beta1: 0, beta2: 0.9 } }],
  [
    'lgn, one layer, sgd, width 64',
    {
      backbone: { kind: 'lgn', layers: 1 },
      dimension: 64,
      optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 },
    },
  ],
  ['lgn, two layers, width 12', { backbone: { kind: 'lgn', layers: 2 }, dimension: 12 }],
  [
    'lgn, three layers, users drawn, amsgrad',
    {
      backbone: { kind: 'lgn', layers: 3 },
      sampler: { positives: 'user', negatives: 1 },
      optimizer: { ...ADAM, amsgrad: true },
    },
  ],
  ['lgn, four layers, batch 1, width 4', { backbone: { kind: 'lgn', layers: 4 }, dimension: 4, batch: 1 }],
  [
    'lgn, two layers, weight decay',
    { backbone: { kind: 'lgn', layers: 2 }, optimizer: { ...ADAM, weightDecay: 0.01 } },
  ],
  ['mf, bce, width 12, no l2', { objective: { kind: 'bce', l2: 0 }, dimension: 12 }],
  ['mf, bce, unit user norm, recording vectors', { objective: UNIT_BCE, recording: 'vector' }],
  [
    'mf, bpr, unit user norm, recording gradients, width 4, batch 1',
    { objective: UNIT_BPR, recording: 'gradient', dimension: 4, batch: 1 },
  ],
  [
    'mf, bpr, unit user norm, recording vectors, width 512, many negatives',
    {
      objective: UNIT_BPR,
      recording: 'vector',
      dimension: 512,
      batch: 16,
      sampler: { positives: 'user', negatives: 9 },
    },
  ],
  [
    'mf, bpr, unit user norm, lazy adam, recording vectors',
    { objective: UNIT_BPR, recording: 'vector', optimizer: LAZY },
  ],
  [
    'mf, bce, unit user norm, lazy adam, recording gradients, width 64, few rows touched',
    { objective: UNIT_BCE, recording: 'gradient', optimizer: LAZY, dimension: 64, batch: 3 },
  ],
  [
    'mf, lazy adam, recording gradients, width 512',
    // With the usual seed the gradients of one number cancel to nothing, which no float32 follows.
    { recording: 'gradient', optimizer: LAZY, dimension: 512, batch: 8, seed: 3 },
  ],
  [
    'mf, sgd, recording gradients, a short last batch',
    { recording: 'gradient', batch: 77, optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } },
  ],
  [
    'mf, bce, recording vectors, more slots than users',
    {
      objective: { kind: 'bce', l2: 0.01 },
      recording: 'vector',
      batch: 200,
      sampler: { positives: 'user', negatives: 2 },
    },
  ],
  ...[ADAM, LAZY, { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } as const].map(
    (optimizer, n): readonly [string, Partial<FitSpec>] => [
      `mf, users of zeros with unit norm, recording, ${['dense adam', 'lazy adam', 'sgd'][n]}`,
      { objective: UNIT_BPR, recording: 'gradient', initialTable: usersOfZeros(), optimizer },
    ],
  ),
  [
    'mf, 64 distinct negatives, users drawn',
    {
      interactions: randomInteractions(60, 200, 500),
      batch: 20,
      sampler: { positives: 'user', negatives: 64, distinct: true },
    },
  ],
  [
    'mf, more distinct negatives than some users have items left',
    {
      interactions: randomInteractions(80, 6, 300),
      batch: 90,
      sampler: { positives: 'interaction', negatives: 3, distinct: true },
    },
  ],
  [
    'lgn, bpr, unit user norm, recording vectors, self-loops',
    { backbone: { kind: 'lgn', layers: 2, selfLoops: true }, objective: UNIT_BPR, recording: 'vector' },
  ],
  [
    'lgn, bce, dropout, width 12',
    { backbone: { kind: 'lgn', layers: 2, dropout: 0.2 }, objective: { kind: 'bce', l2: 0.01 }, dimension: 12 },
  ],
  [
    'lgn, degree exponent, self-loops, dropout, recording gradients',
    {
      backbone: { kind: 'lgn', layers: 2, degreeExponent: 0.2, selfLoops: true, dropout: 0.2 },
      recording: 'gradient',
    },
  ],
  ['lgn, all of the norm on the neighbour', { backbone: { kind: 'lgn', layers: 3, degreeExponent: 1 } }],
  ['lgn, all of the norm on the node itself', { backbone: { kind: 'lgn', layers: 3, degreeExponent: 0 } }],
  [
    'lgn, one layer, much dropout, unit user norm, recording vectors, width 512, sgd',
    {
      backbone: { kind: 'lgn', layers: 1, dropout: 0.7 },
      objective: UNIT_BPR,
      recording: 'vector',
      dimension: 512,
      batch: 16,
      optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 },
    },
  ],
  [
    'lgn, four layers, dropout, bce, unit user norm, recording gradients, width 4',
    {
      backbone: { kind: 'lgn', layers: 4, dropout: 0.3 },
      objective: UNIT_BCE,
      recording: 'gradient',
      dimension: 4,
    },
  ],
  ...BASELINE_RUNS,
]
