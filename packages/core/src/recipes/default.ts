import { lossOf, methodConfig } from '../methods/methods.ts'
import type { Recipe } from './recipe.ts'

/** For simulated data and people's own: small and medium sets, a few minutes at most. */
export const defaultRecipe: Recipe = {
  name: 'default',
  source: 'gradrec’s own defaults for simulated data and your own files',
  datasets: [],
  config: (backbone, _dataset, method = 'gradient') => ({
    backbone: backbone === 'lgn' ? { kind: 'lgn', layers: 2 } : { kind: 'mf' },
    method: methodConfig(method),
    loss: lossOf(method) ?? 'bpr',
    dimension: 32,
    batch: 2048,
    negatives: 1,
    distinct: false,
    positives: 'interaction',
    optimizer: {
      kind: 'adam',
      learningRate: 1e-2,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      update: backbone === 'mf' && method !== 'cause' ? 'lazy' : 'dense',
    },
    schedule: { kind: 'constant' },
    l2: 1e-3,
    epochs: 40,
    initialisation: { kind: 'xavier' },
    seed: 1,
    evaluateEvery: 5,
    patience: 3,
    watch: 'recall@20',
    k: 20,
    averageOver: 'usersWithTest',
    maskValidation: true,
  }),
}
