import type { ArmDiscrepancy, Arms, DiceObjective, FitSpec, PopularityMargin } from '@gradrec/engine'
import { itemNumbers } from './itemNumbers.ts'
import { ADAM, randomArms, randomInteractions, randomSpec, usersOfZeros } from './randomRun.ts'

const LAZY = { ...ADAM, update: 'lazy' } as const

// Weights far above those that are trained with: what they multiply has to be seen in the result.
const { popularity, scoreFactors, lossWeights } = itemNumbers(randomSpec().interactions)
const MARGIN: PopularityMargin = { popularity, margin: 9, decay: 0.6, pool: 4, downRule: 'half' }
const MACR = { kind: 'macr', l2: 0.01, itemWeight: 0.8, userWeight: 0.6 } as const

function dice(kind: DiceObjective['discrepancy']['kind']): DiceObjective {
  const discrepancy = { kind, weight: 2 }
  return { kind: 'dice', l2: 0.01, popularity, interest: 0.6, conformity: 0.8, decay: 0.5, discrepancy }
}

/** Two arms of 30 items each, and 60 users in all. */
function arms(
  users: Arms['users'],
  kind: ArmDiscrepancy['kind'],
  change: Partial<ArmDiscrepancy> = {},
): Partial<FitSpec> {
  const discrepancy = { kind, weight: kind === 'l1' ? 2 : 5, ...change }
  return { interactions: randomArms(users, 60, 30, 400), arms: { users, discrepancy } }
}

const CAUSE_OBJECTIVE = { kind: 'bce', l2: 0.01, negativeWeight: 3 } as const

/** More interactions than a batch of 4,096 needs. */
const MANY = randomInteractions(400, 300, 9000)

/** Runs at the borders of what the baselines make of a spec: what they change of `randomSpec`. */
export const BASELINE_RUNS: readonly (readonly [string, Partial<FitSpec>])[] = [
  [
    'mf, dice, l2, distinct negatives by margin, width 24',
    {
      objective: dice('l2'),
      dimension: 24,
      sampler: { positives: 'interaction', negatives: 4, distinct: true, margin: MARGIN },
    },
  ],
  ['lgn, dice, l1', { backbone: { kind: 'lgn', layers: 2 }, objective: dice('l1') }],
  ['mf, dice, no discrepancy, lazy adam, width 64', { objective: dice('none'), optimizer: LAZY, dimension: 64 }],
  [
    'mf, dice, l2, lazy adam, batch 1, 9 negatives',
    {
      objective: dice('l2'),
      optimizer: LAZY,
      batch: 1,
      sampler: { positives: 'interaction', negatives: 9 },
    },
  ],
  [
    'mf, dice, l1, users of zeros, sgd',
    {
      objective: dice('l1'),
      initialTable: usersOfZeros(),
      optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 },
    },
  ],
  ['mf, dice, l1, a large batch', { interactions: MANY, batch: 4096, objective: { ...dice('l1'), ...itemsOfMany() } }],
  ['mf, dice, l2, width 512', { objective: dice('l2'), dimension: 512, batch: 16 }],
  [
    // One user a step, so that the halves of its rows have no distances.
    'mf, dice, distance correlation, lazy adam, batch 1, 9 negatives',
    { objective: dice('dCor'), optimizer: LAZY, batch: 1, sampler: { positives: 'interaction', negatives: 9 } },
  ],
  [
    // Users of zeros are no distance apart. Gradient descent moves each by its own gradient; Adam's first step would take those
    // whose signs agree to the same place but for rounding, and leave the direction between them to it.
    'mf, dice, distance correlation, users of zeros, sgd',
    {
      objective: dice('dCor'),
      initialTable: usersOfZeros(),
      optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 },
    },
  ],
  [
    'lgn, dice, distance correlation, dropout, width 24, users drawn',
    {
      backbone: { kind: 'lgn', layers: 2, dropout: 0.2 },
      objective: dice('dCor'),
      dimension: 24,
      sampler: { positives: 'user', negatives: 3 },
    },
  ],
  ['mf, dice, distance correlation, width 512', { objective: dice('dCor'), dimension: 512, batch: 16 }],
  [
    'mf, arms, batch 1, width 4, 64 distinct negatives',
    {
      ...arms('shared', 'l2'),
      interactions: randomArms('shared', 60, 90, 900),
      batch: 1,
      dimension: 4,
      sampler: { positives: 'interaction', negatives: 64, distinct: true },
    },
  ],
  [
    'mf, arms, no discrepancy, bce, negative weight, users drawn',
    { ...arms('shared', 'none'), objective: CAUSE_OBJECTIVE, sampler: { positives: 'user', negatives: 3 } },
  ],
  [
    'mf, arms, l1 that holds the treatment arm, amsgrad with weight decay',
    {
      ...arms('shared', 'l1', { stopGradient: 'treatment' }),
      optimizer: { ...ADAM, amsgrad: true, beta1: 0.5, beta2: 0.99, weightDecay: 0.01 },
    },
  ],
  [
    'mf, arms, users apart and drawn, more slots than users, sgd, width 12',
    {
      ...arms('apart', 'l2'),
      batch: 200,
      dimension: 12,
      sampler: { positives: 'user', negatives: 2 },
      optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 },
    },
  ],
  [
    'lgn, arms, users apart, dropout, self-loops, bce, negative weight',
    {
      ...arms('apart', 'l2'),
      backbone: { kind: 'lgn', layers: 2, dropout: 0.2, selfLoops: true },
      objective: CAUSE_OBJECTIVE,
    },
  ],
  [
    'lgn, arms, l2 that holds the treatment arm, batch 1, width 64',
    {
      ...arms('shared', 'l2', { stopGradient: 'treatment' }),
      backbone: { kind: 'lgn', layers: 1 },
      batch: 1,
      dimension: 64,
    },
  ],
  [
    'mf, arms, a large batch, bce, negative weight, unit user norm',
    {
      ...arms('shared', 'l2'),
      interactions: randomArms('shared', 400, 300, 6000),
      batch: 4096,
      objective: { ...CAUSE_OBJECTIVE, userNorm: 'unit' },
    },
  ],
  [
    'mf, bce, negative weight, lazy adam, recording gradients',
    { objective: CAUSE_OBJECTIVE, optimizer: LAZY, recording: 'gradient' },
  ],
  ['mf, macr, lazy adam, width 12', { objective: MACR, optimizer: LAZY, dimension: 12, batch: 20 }],
  [
    'lgn, macr, dropout, self-loops, users drawn',
    {
      backbone: { kind: 'lgn', layers: 2, dropout: 0.2, selfLoops: true },
      objective: MACR,
      sampler: { positives: 'user', negatives: 1 },
    },
  ],
  [
    'mf, macr, amsgrad with weight decay',
    { objective: MACR, optimizer: { ...ADAM, amsgrad: true, weightDecay: 0.02, beta2: 0.95 } },
  ],
  ['mf, macr, batch 1, width 4', { objective: MACR, batch: 1, dimension: 4 }],
  ['mf, macr, a large batch', { objective: MACR, interactions: MANY, batch: 4096 }],
  [
    'mf, macr, width 512, many negatives',
    {
      objective: MACR,
      dimension: 512,
      batch: 16,
      sampler: { positives: 'user', negatives: 9 },
    },
  ],
  [
    'mf, bpr, elu link, score factors, sgd',
    {
      objective: { kind: 'bpr', l2: 0.01, link: 'elu', scoreFactors },
      optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 },
    },
  ],
  [
    'mf, bce, loss weights, unit user norm',
    {
      objective: { kind: 'bce', l2: 0.01, userNorm: 'unit', lossWeights },
      sampler: { positives: 'user', negatives: 3 },
    },
  ],
  [
    'mf, bpr, score factors, recording gradients',
    { objective: { kind: 'bpr', l2: 0.01, scoreFactors }, recording: 'gradient' },
  ],
  [
    'lgn, bce, elu link, score factors, loss weights, unit user norm, recording gradients',
    {
      backbone: { kind: 'lgn', layers: 2 },
      objective: { kind: 'bce', l2: 0.01, userNorm: 'unit', link: 'elu', scoreFactors, lossWeights },
      recording: 'gradient',
    },
  ],
  [
    'mf, lazy adam, loss weights, recording vectors',
    { objective: { kind: 'bpr', l2: 0.01, lossWeights }, recording: 'vector', optimizer: LAZY },
  ],
  [
    // Four steps make an epoch: the margin decays five times.
    'mf, negatives by margin, users drawn, over several epochs',
    { batch: 120, sampler: { positives: 'user', negatives: 3, margin: { ...MARGIN, downRule: 'margin' } } },
  ],
]

function itemsOfMany(): Pick<DiceObjective, 'popularity'> {
  return { popularity: itemNumbers(MANY).popularity }
}
