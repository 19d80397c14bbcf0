import type { FitSpec } from '@gradrec/engine'
import { ADAM, randomInteractions } from './randomRun.ts'

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
]
