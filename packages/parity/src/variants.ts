import {
  checkFitSpec,
  type AdamOptimizer,
  type ArmDiscrepancy,
  type Arms,
  type Backbone,
  type Csr,
  type DiceObjective,
  type Discrepancy,
  type FitSpec,
  type LightGcn,
  type MacrObjective,
  type Optimizer,
  type PairwiseObjective,
  type PopularityMargin,
  type Recording,
  type Sampler,
} from '@gradrec/engine'
import { coveringCombinations, pairsOf, product, triplesOf, type Combination } from './covering.ts'
import { itemNumbers } from './itemNumbers.ts'
import { ADAM, randomArms, randomInteractions, randomSpec } from './randomRun.ts'

/** Optimizers by kind, and Adam by how it is computed as well. */
type OptimizerVariant =
  | Exclude<Optimizer['kind'], 'adam'>
  | `adam, ${NonNullable<AdamOptimizer['update']>}`
  | 'adam, amsgrad'

// One example of every choice that a spec has. The records are exhaustive by type: a choice or an option that is added to the
// seam has to be added here, and then fails the suite of every engine that does not have it.

const BACKBONES: Readonly<Record<Backbone['kind'] | 'lgn with options', Backbone>> = {
  mf: { kind: 'mf' },
  lgn: { kind: 'lgn', layers: 2 },
  'lgn with options': {
    kind: 'lgn',
    layers: 2,
    selfLoops: true,
    degreeExponent: 0.3,
    dropout: 0.2,
  } satisfies Required<LightGcn>,
}

/** As many users and items as with arms, so that numbers by user or item fit all. */
const WITHOUT_ARMS = randomInteractions(60, 46, 500)
const { popularity, scoreFactors, lossWeights } = itemNumbers(WITHOUT_ARMS)

/** Most runs have no numbers by item, and BCE alone has a weight for negatives. */
type PlainPairwise = Omit<Required<PairwiseObjective>, 'negativeWeight' | 'scoreFactors' | 'lossWeights'>

type UserNorm = NonNullable<PairwiseObjective['userNorm']>

const BPR: Readonly<Record<`bpr, user norm ${UserNorm}`, PlainPairwise>> = {
  'bpr, user norm none': { kind: 'bpr', l2: 0.02, userNorm: 'none', link: 'identity' },
  'bpr, user norm unit': { kind: 'bpr', l2: 0.02, userNorm: 'unit', link: 'identity' },
}

const BCE: Readonly<
  Record<'bce, negative weight, user norm none', PlainPairwise & Required<Pick<PairwiseObjective, 'negativeWeight'>>> &
    Record<'bce, user norm unit', PlainPairwise>
> = {
  'bce, negative weight, user norm none': {
    kind: 'bce',
    l2: 0.02,
    negativeWeight: 2.5,
    userNorm: 'none',
    link: 'identity',
  },
  'bce, user norm unit': { kind: 'bce', l2: 0.02, userNorm: 'unit', link: 'identity' },
}

type Link = Exclude<NonNullable<PairwiseObjective['link']>, 'identity'>

const LINKED: Readonly<
  Record<`bpr, link ${Link}, score factors, loss weights`, Omit<Required<PairwiseObjective>, 'negativeWeight'>> &
    Record<`bce, negative weight, link ${Link}, score factors, loss weights`, Required<PairwiseObjective>>
> = {
  'bpr, link elu, score factors, loss weights': {
    kind: 'bpr',
    l2: 0.02,
    userNorm: 'none',
    link: 'elu',
    scoreFactors,
    lossWeights,
  },
  'bce, negative weight, link elu, score factors, loss weights': {
    kind: 'bce',
    l2: 0.02,
    negativeWeight: 0.4,
    userNorm: 'unit',
    link: 'elu',
    scoreFactors,
    lossWeights,
  },
}

// Weights far above those that are trained with: what they multiply has to be seen in the result.
const DICE = { kind: 'dice', l2: 0.02, popularity, interest: 0.6, conformity: 0.8, decay: 0.7 } as const
const DICES: Readonly<Record<`dice, discrepancy ${Discrepancy['kind']}`, Required<DiceObjective>>> = {
  'dice, discrepancy none': { ...DICE, discrepancy: { kind: 'none', weight: 2 } },
  'dice, discrepancy l1': { ...DICE, discrepancy: { kind: 'l1', weight: 2 } },
  'dice, discrepancy l2': { ...DICE, discrepancy: { kind: 'l2', weight: 2 } },
  'dice, discrepancy dCor': { ...DICE, discrepancy: { kind: 'dCor', weight: 2 } },
}

const MACR: Required<MacrObjective> = { kind: 'macr', l2: 0.02, itemWeight: 0.7, userWeight: 0.5 }

const OBJECTIVES = { ...BPR, ...BCE, ...LINKED, ...DICES, macr: MACR } as const

const RECORDINGS: Readonly<Record<`recording ${Recording}`, Recording>> = {
  'recording none': 'none',
  'recording vector': 'vector',
  'recording gradient': 'gradient',
}

const UNIFORM_SAMPLERS: Readonly<
  Record<`positives by ${Sampler['positives']}` | 'distinct negatives', Omit<Required<Sampler>, 'margin'>>
> = {
  'positives by interaction': { positives: 'interaction', negatives: 3, distinct: false },
  'positives by user': { positives: 'user', negatives: 1, distinct: false },
  'distinct negatives': { positives: 'interaction', negatives: 4, distinct: true },
}

const MARGIN = { popularity, margin: 4, decay: 0.7, pool: 5 } as const
const MARGIN_SAMPLERS: Readonly<Record<`margin, down by ${PopularityMargin['downRule']}`, Required<Sampler>>> = {
  'margin, down by half': {
    positives: 'interaction',
    negatives: 4,
    distinct: true,
    margin: { ...MARGIN, downRule: 'half' },
  },
  'margin, down by margin': {
    positives: 'user',
    negatives: 3,
    distinct: false,
    margin: { ...MARGIN, downRule: 'margin' },
  },
}

const SAMPLERS = { ...UNIFORM_SAMPLERS, ...MARGIN_SAMPLERS } as const

const OPTIMIZERS: Readonly<Record<OptimizerVariant, Optimizer>> = {
  'adam, dense': { ...ADAM, update: 'dense' },
  'adam, lazy': { ...ADAM, update: 'lazy' },
  'adam, amsgrad': { ...ADAM, amsgrad: true, weightDecay: 0.02, beta2: 0.95 },
  sgd: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 },
}

/** Weights far above those that are trained with here too; the gradient stops at the treatment arm in two runs of four. */
const ARMS: Readonly<
  Record<`arms, users ${Arms['users']}, discrepancy ${Exclude<ArmDiscrepancy['kind'], 'none'>}`, Arms> &
    Record<'no arms', undefined>
> = {
  'no arms': undefined,
  'arms, users shared, discrepancy l1': armsOf('shared', { kind: 'l1', weight: 2, stopGradient: 'treatment' }),
  'arms, users shared, discrepancy l2': armsOf('shared', { kind: 'l2', weight: 5, stopGradient: 'none' }),
  'arms, users apart, discrepancy l1': armsOf('apart', { kind: 'l1', weight: 2, stopGradient: 'none' }),
  'arms, users apart, discrepancy l2': armsOf('apart', { kind: 'l2', weight: 5, stopGradient: 'treatment' }),
}

function armsOf(users: Arms['users'], discrepancy: Required<ArmDiscrepancy>): Required<Arms> {
  return { users, discrepancy }
}

const INTERACTIONS: Readonly<Record<Arms['users'] | 'no arms', Csr>> = {
  'no arms': WITHOUT_ARMS,
  shared: randomArms('shared', 60, 23, 300),
  apart: randomArms('apart', 60, 23, 300),
}

/** What a spec chooses, besides sizes and data. */
type Choice = Exclude<keyof FitSpec, 'dimension' | 'interactions' | 'batch' | 'seed' | 'initialTable'>

const CHOICES: { readonly [C in Choice]: Readonly<Record<string, FitSpec[C]>> } = {
  backbone: BACKBONES,
  objective: OBJECTIVES,
  recording: RECORDINGS,
  sampler: SAMPLERS,
  optimizer: OPTIMIZERS,
  arms: ARMS,
}

/** The names of every choice's options. */
export const OPTIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(CHOICES).map(([choice, options]) => [choice, Object.keys(options)]),
)

/** Runs that every engine trains, in which everything meets that a spec may have together (`meetingsOf`). */
export function allVariants(): (readonly [string, Partial<FitSpec>])[] {
  // The seam refuses options by twos. Where three are refused that no two of are, the suite trains them, and fails.
  const refused = new Set(refusedPairs().flatMap(({ pair }) => pairsOf(pair)))
  const isAllowed = (combination: Combination): boolean => !pairsOf(combination).some((pair) => refused.has(pair))
  return coveringCombinations(OPTIONS, isAllowed, meetingsOf).map((combination) => [
    nameOf(combination),
    changesOf(combination),
  ])
}

/**
 * What has to meet in a variant: every two options, and every three of backbone, recording and optimizer, which are three ways of
 * going over the same rows. Every three of all choices would be four times as many runs.
 */
export function meetingsOf(combination: Combination): readonly string[] {
  const rowWise = Object.entries(combination).filter(([choice]) =>
    ['backbone', 'recording', 'optimizer'].includes(choice),
  )
  return [...pairsOf(combination), ...triplesOf(Object.fromEntries(rowWise))]
}

/** A variant's name: its options, in the order of the choices. */
export function nameOf(combination: Combination): string {
  return Object.values(combination).join(', ')
}

/** Runs that every engine refuses: every two options that a spec may not have together, with the seam's words against them. */
export function refusedVariants(): (readonly [string, Partial<FitSpec>, string])[] {
  return refusedPairs().map(({ pair, refusal }) => [nameOf(pair), changesOf(pair), refusal])
}

function refusedPairs(): { readonly pair: Combination; readonly refusal: string }[] {
  const choices = Object.entries(OPTIONS)
  const pairs = choices.flatMap(([a, ofA], n) =>
    choices.slice(n + 1).flatMap(([b, ofB]) => product({ [a]: ofA, [b]: ofB })),
  )
  return pairs.flatMap((pair) => {
    const refusal = refusalOf(changesOf(pair))
    return refusal === undefined ? [] : [{ pair, refusal }]
  })
}

/** What the options of a combination change of `randomSpec`, with interactions that go with its arms. */
function changesOf(combination: Combination): Partial<FitSpec> {
  const chosen = Object.entries(combination).map(([choice, option]) => [choice, CHOICES[choice as Choice][option]])
  const changes: Partial<FitSpec> = Object.fromEntries(chosen.filter(([, value]) => value !== undefined))
  return { ...changes, interactions: INTERACTIONS[changes.arms?.users ?? 'no arms'] }
}

/** The seam's words against a run, if it has any. */
function refusalOf(changes: Partial<FitSpec>): string | undefined {
  try {
    checkFitSpec(randomSpec(changes))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
