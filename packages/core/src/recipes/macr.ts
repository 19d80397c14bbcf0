import { lossOf, methodConfig, type MethodConfig, type MethodKind } from '../methods/methods.ts'
import type { Recipe } from './recipe.ts'

/**
 * The MACR authors' settings for Adressa and Gowalla (METHODS.md §4.1, §4.3, §7). Loss: their binary cross-entropy for the
 * original model, BPR for the paper's method, which is described with it. Batch: 1,024 on Adressa, 4,096 elsewhere. Validation items, held out of what they train on, are masked at test time, as everything
 * they train on is. They watch HR@20 of the test itself; with the thousand users of a held-out part HR moves in large steps and
 * stops training early, so NDCG@20 is watched here.
 */
export const macrRecipe: Recipe = {
  name: 'macr',
  source: 'MACR (Wei et al., KDD 2021), the authors’ code',
  datasets: ['adressa', 'gowalla'],
  config: (backbone, dataset, method = 'gradient') => ({
    backbone: backbone === 'lgn' ? { kind: 'lgn', layers: 2 } : { kind: 'mf' },
    method: methodFor(method, backbone === 'lgn' || dataset === 'gowalla'),
    loss: lossOf(method) ?? (method === 'original' ? 'bce' : 'bpr'),
    dimension: 64,
    batch: dataset === 'adressa' ? 1024 : 4096,
    negatives: 1,
    distinct: false,
    positives: 'user',
    optimizer: {
      kind: 'adam',
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      update: backbone === 'mf' && method !== 'cause' ? 'lazy' : 'dense',
    },
    schedule: { kind: 'constant' },
    l2: 1e-5,
    epochs: backbone === 'lgn' ? 2000 : 1000,
    initialisation: { kind: 'xavier' },
    seed: 1,
    evaluateEvery: 10,
    patience: 10,
    watch: 'ndcg@20',
    k: 20,
    averageOver: 'usersWithTest',
    maskValidation: true,
  }),
}

/**
 * MACR's item tower weighs 1e-2 with LightGCN and on Gowalla, 1e-3 elsewhere (METHODS.md §4.2). Neither data set has a part that was
 * shown against popularity, so CausE draws one (§4.4).
 */
function methodFor(method: MethodKind, weighsItemsMore: boolean): MethodConfig {
  if (method === 'macr') return methodConfig(method, { itemWeight: weighsItemsMore ? 1e-2 : 1e-3 })
  if (method === 'cause') return methodConfig(method, { treatmentFrom: 'sampled' })
  return methodConfig(method)
}
