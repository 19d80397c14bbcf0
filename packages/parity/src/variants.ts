import {
  checkFitSpec,
  type AdamOptimizer,
  type Backbone,
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
import { ADAM, randomSpec } from './randomRun.ts'

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

const { popularity, scoreFactors, lossWeights } = itemNumbers(randomSpec().interactions)

/** Most runs have no numbers by item. */
type PlainPairwise = Omit<Required<PairwiseObjective>, 'scoreFactors' | 'lossWeights'>

const PAIRWISE: Readonly<
  Record<`${PairwiseObjective['kind']}, user norm ${NonNullable<PairwiseObjective['userNorm']>}`, PlainPairwise>
> = {
  'bpr, user norm none': { kind: 'bpr', l2: 0.02, userNorm: 'none', link: 'identity' },
  'bpr, user norm unit': { kind: 'bpr', l2: 0.02, userNorm: 'unit', link: 'identity' },
  'bce, user norm none': { kind: 'bce', l2: 0.02, userNorm: 'none', link: 'identity' },
  'bce, user norm unit': { kind: 'bce', l2: 0.02, userNorm: 'unit', link: 'identity' },
}

type Link = Exclude<NonNullable<PairwiseObjective['link']>, 'identity'>

const LINKED: Readonly<
  Record<`${PairwiseObjective['kind']}, link ${Link}, score factors, loss weights`, Required<PairwiseObjective>>
> = {
  'bpr, link elu, score factors, loss weights': {
    kind: 'bpr',
    l2: 0.02,
    userNorm: 'none',
    link: 'elu',
    scoreFactors,
    lossWeights,
  },
  'bce, link elu, score factors, loss weights': {
    kind: 'bce',
    l2: 0.02,
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
}

const MACR: Required<MacrObjective> = { kind: 'macr', l2: 0.02, itemWeight: 0.7, userWeight: 0.5 }

const OBJECTIVES = { ...PAIRWISE, ...LINKED, ...DICES, macr: MACR } as const

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

/** What a spec chooses, besides sizes and data. */
type Choice = Exclude<keyof FitSpec, 'dimension' | 'interactions' | 'batch' | 'seed' | 'initialTable'>

const CHOICES: { readonly [C in Choice]: Readonly<Record<string, Required<FitSpec>[C]>> } = {
  backbone: BACKBONES,
  objective: OBJECTIVES,
  recording: RECORDINGS,
  sampler: SAMPLERS,
  optimizer: OPTIMIZERS,
}

/** The names of every choice's options. */
export const OPTIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(CHOICES).map(([choice, options]) => [choice, Object.keys(options)]),
)

/** Runs that every engine trains, in which everything meets that a spec may have together (`meetingsOf`). */
export function allVariants(): (readonly [string, Partial<FitSpec>])[] {
  const isAllowed = (combination: Combination): boolean => refusalOf(changesOf(combination)) === undefined
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
  const choices = Object.entries(OPTIONS)
  return choices.flatMap(([a, ofA], n) =>
    choices.slice(n + 1).flatMap(([b, ofB]) =>
      product({ [a]: ofA, [b]: ofB }).flatMap((pair): (readonly [string, Partial<FitSpec>, string])[] => {
        const changes = changesOf(pair)
        const refusal = refusalOf(changes)
        return refusal === undefined ? [] : [[nameOf(pair), changes, refusal]]
      }),
    ),
  )
}

function changesOf(combination: Combination): Partial<FitSpec> {
  return Object.fromEntries(
    Object.entries(combination).map(([choice, option]) => [choice, CHOICES[choice as Choice][option]]),
  ) as Partial<FitSpec>
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
