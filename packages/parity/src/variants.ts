import type { AdamOptimizer, Backbone, FitSpec, Objective, Optimizer, Sampler } from '@gradrec/engine'
import { ADAM } from './randomRun.ts'

/** Optimizers by kind, and Adam by how it is computed as well. */
type OptimizerVariant =
  | Exclude<Optimizer['kind'], 'adam'>
  | `adam, ${NonNullable<AdamOptimizer['update']>}`
  | 'adam, amsgrad'

// One example of every choice that a spec has. The records are exhaustive by type: a choice that is added to the seam has to be
// added here, and then fails the suite of every engine that does not have it.

const BACKBONES: Readonly<Record<Backbone['kind'], Backbone>> = {
  mf: { kind: 'mf' },
  lgn: { kind: 'lgn', layers: 2 },
}

const OBJECTIVES: Readonly<Record<Objective['kind'], Objective>> = {
  bpr: { kind: 'bpr', l2: 0.02 },
}

const SAMPLERS: Readonly<Record<Sampler['positives'], Sampler>> = {
  interaction: { positives: 'interaction', negatives: 3 },
  user: { positives: 'user', negatives: 1 },
}

const OPTIMIZERS: Readonly<Record<OptimizerVariant, Optimizer>> = {
  'adam, dense': { ...ADAM, update: 'dense' },
  'adam, lazy': { ...ADAM, update: 'lazy' },
  'adam, amsgrad': { ...ADAM, amsgrad: true, weightDecay: 0.02, beta2: 0.95 },
  sgd: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 },
}

/** Every backbone with every objective, sampler and optimizer; some are not allowed, which `checkFitSpec` says. */
export function allVariants(): (readonly [string, Partial<FitSpec>])[] {
  const variants: (readonly [string, Partial<FitSpec>])[] = []
  for (const [backboneName, backbone] of Object.entries(BACKBONES)) {
    for (const [objectiveName, objective] of Object.entries(OBJECTIVES)) {
      for (const [samplerName, sampler] of Object.entries(SAMPLERS)) {
        for (const [optimizerName, optimizer] of Object.entries(OPTIMIZERS)) {
          const name = `${backboneName}, ${objectiveName}, positives by ${samplerName}, ${optimizerName}`
          variants.push([name, { backbone, objective, sampler, optimizer }])
        }
      }
    }
  }
  return variants
}
