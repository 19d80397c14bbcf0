import type { Recipe } from './recipe.ts'

/**
 * The DICE authors' settings for ML-10M and Netflix (METHODS.md §3.1, §3.8, §7). Theirs lower the learning rate on plateaus;
 * here it is constant, so patience is longer. Their LightGCN takes batches of 128, a full propagation each; here 2,048, as
 * METHODS.md §11 advises, without their self-loops and dropout.
 */
export const diceRecipe: Recipe = {
  name: 'dice',
  source: 'DICE (Zheng et al., WWW 2021), the authors’ code',
  datasets: ['ml10m', 'netflix'],
  config: (backbone) => ({
    backbone: backbone === 'lgn' ? { kind: 'lgn', layers: 2 } : { kind: 'mf' },
    loss: 'bpr',
    dimension: 128,
    batch: backbone === 'lgn' ? 2048 : 128,
    negatives: 4,
    positives: 'interaction',
    optimizer: {
      kind: 'adam',
      learningRate: 0.01,
      beta1: 0.5,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 5e-8,
      amsgrad: true,
      // Weight decay reaches every row at every step.
      update: 'dense',
    },
    l2: 0,
    epochs: 500,
    initialisation: { kind: 'uniform' },
    seed: 1,
    evaluateEvery: 1,
    patience: 10,
    watch: 'recall@50',
    k: 20,
    averageOver: 'allUsers',
    maskValidation: false,
  }),
}
