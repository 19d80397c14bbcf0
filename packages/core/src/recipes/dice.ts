import { lossOf, methodConfig } from '../methods/methods.ts'
import type { Recipe } from './recipe.ts'

/**
 * The DICE authors' settings for ML-10M and Netflix (METHODS.md §3.1, §3.7, §3.8, §7). Two differences: their
 * LightGCN takes batches of 128, a full propagation each; here 2,048, as METHODS.md §11 advises. And negatives are no training
 * items of the user at all, where theirs may be from the other of the two training parts (METHODS.md §3.2).
 */
export const diceRecipe: Recipe = {
  name: 'dice',
  source: 'DICE (Zheng et al., WWW 2021), the authors’ code',
  datasets: ['ml10m', 'netflix'],
  config: (backbone, _dataset, method = 'gradient') => ({
    backbone: backbone === 'lgn' ? { kind: 'lgn', layers: 2, selfLoops: true, dropout: 0.2 } : { kind: 'mf' },
    method: methodConfig(method),
    loss: lossOf(method) ?? 'bpr',
    // CausE has two tables of 64, DICE two halves of 64.
    dimension: method === 'cause' ? 64 : 128,
    batch: backbone === 'lgn' ? 2048 : 128,
    negatives: 4,
    distinct: true,
    positives: 'interaction',
    optimizer: {
      kind: 'adam',
      learningRate: method === 'dice' ? 0.001 : 0.01,
      beta1: 0.5,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 5e-8,
      amsgrad: true,
      // Weight decay reaches every row at every step.
      update: 'dense',
    },
    schedule: { kind: 'plateau', factor: 0.1, patience: 5, threshold: 1e-4, minimumRate: 1e-4 },
    l2: 0,
    epochs: 500,
    initialisation: { kind: 'uniform' },
    seed: 1,
    evaluateEvery: 1,
    patience: 4,
    watch: 'recall@50',
    k: 20,
    averageOver: 'allUsers',
    maskValidation: false,
  }),
}
