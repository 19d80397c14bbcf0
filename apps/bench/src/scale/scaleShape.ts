import { interactionShape, type Csr, type FitShape } from '@gradrec/engine'
import { powerLawCounts, shuffledCounts } from '../data/countCurves.ts'
import { simulatedInteractions } from '../data/simulatedInteractions.ts'

export type ScaleBackbone = 'mf' | 'lgn'

/** Which of the sizes grows from point to point. */
export type ScaleAxis = 'interactions' | 'items'

/** How large a point's data are. */
export interface ScaleSize {
  readonly users: number
  readonly items: number
  readonly interactions: number
}

/** Interactions of a user, on average: users grow with the interactions. */
const PER_USER = 50
/** The catalogue while interactions grow, and the interactions while the catalogue grows. */
export const FIXED_ITEMS = 10_000
export const FIXED_INTERACTIONS = 10_000_000

/** Popularity falls as (rank + 10)^−0.8, activity as (rank + 10)^−0.4: between MovieLens and a shop. */
const POPULARITY = { exponent: 0.8, offset: 10 } as const
const ACTIVITY = { exponent: 0.4, offset: 10 } as const

/** What is trained: the size of a served model, with a batch that keeps a device busy. */
export const SCALE_RUN = { dimension: 64, batch: 8192, negatives: 1, layers: 2 } as const

export function sizeOf(axis: ScaleAxis, value: number): ScaleSize {
  return axis === 'interactions'
    ? { users: Math.max(2, Math.ceil(value / PER_USER)), items: FIXED_ITEMS, interactions: value }
    : { users: FIXED_INTERACTIONS / PER_USER, items: value, interactions: FIXED_INTERACTIONS }
}

/** Everything of a point's run but its data. */
export function scaleRun(backbone: ScaleBackbone, interactions: number): Omit<FitShape, 'interactions'> {
  const { dimension, batch, negatives, layers } = SCALE_RUN
  const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, amsgrad: false } as const
  return {
    dimension,
    backbone: backbone === 'mf' ? { kind: 'mf' } : { kind: 'lgn', layers },
    objective: { kind: 'bpr', l2: 1e-5 },
    sampler: { positives: 'interaction', negatives },
    // Rows without a gradient cost nothing with matrix factorisation; LightGCN's gradient reaches all of them.
    optimizer: { ...adam, learningRate: 0.001, update: backbone === 'mf' ? 'lazy' : 'dense' },
    batch: Math.min(batch, interactions),
  }
}

/** The shape of a point's run, without its data. */
export function scaleShape(backbone: ScaleBackbone, { users, items, interactions }: ScaleSize): FitShape {
  return { ...scaleRun(backbone, interactions), interactions: interactionShape(users, items, interactions) }
}

/** The data of a point: exactly its size, in a random order of users and of items. */
export function scaleInteractions({ users, items, interactions }: ScaleSize, seed: number): Csr {
  const userCounts = powerLawCounts({
    size: users,
    total: interactions,
    ...ACTIVITY,
    // Nobody has more than half of the catalogue, and no item more than half of the users.
    most: Math.max(Math.ceil(interactions / users), Math.min(2000, Math.floor(items / 2))),
  })
  const itemCounts = powerLawCounts({
    size: items,
    total: interactions,
    ...POPULARITY,
    most: Math.max(Math.ceil(interactions / items), Math.floor(users / 2)),
  })
  return simulatedInteractions({
    userCounts: shuffledCounts(userCounts, seed),
    itemCounts: shuffledCounts(itemCounts, seed),
    seed,
  })
}
