import {
  checkFitSpec,
  type AdamOptimizer,
  type Backbone,
  type FitSpec,
  type LightGcn,
  type Objective,
  type Optimizer,
  type Recording,
  type Sampler,
} from '@gradrec/engine'
import { coveringCombinations, product, type Combination } from './covering.ts'
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

const OBJECTIVES: Readonly<
  Record<`${Objective['kind']}, user norm ${NonNullable<Objective['userNorm']>}`, Required<Objective>>
> = {
  'bpr, user norm none': { kind: 'bpr', l2: 0.02, userNorm: 'none' },
  'bpr, user norm unit': { kind: 'bpr', l2: 0.02, userNorm: 'unit' },
  'bce, user norm none': { kind: 'bce', l2: 0.02, userNorm: 'none' },
  'bce, user norm unit': { kind: 'bce', l2: 0.02, userNorm: 'unit' },
}

const RECORDINGS: Readonly<Record<`recording ${Recording}`, Recording>> = {
  'recording none': 'none',
  'recording vector': 'vector',
  'recording gradient': 'gradient',
}

const SAMPLERS: Readonly<Record<`positives by ${Sampler['positives']}` | 'distinct negatives', Required<Sampler>>> = {
  'positives by interaction': { positives: 'interaction', negatives: 3, distinct: false },
  'positives by user': { positives: 'user', negatives: 1, distinct: false },
  'distinct negatives': { positives: 'interaction', negatives: 4, distinct: true },
}

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

/** Runs that every engine trains, in which every three options meet that a spec may have together. */
export function allVariants(): (readonly [string, Partial<FitSpec>])[] {
  return coveringCombinations(OPTIONS, (combination) => refusalOf(changesOf(combination)) === undefined).map(
    (combination) => [Object.values(combination).join(', '), changesOf(combination)],
  )
}

/** Runs that every engine refuses: every two options that a spec may not have together, with the seam's words against them. */
export function refusedVariants(): (readonly [string, Partial<FitSpec>, string])[] {
  const choices = Object.entries(OPTIONS)
  return choices.flatMap(([a, ofA], n) =>
    choices.slice(n + 1).flatMap(([b, ofB]) =>
      product({ [a]: ofA, [b]: ofB }).flatMap((pair): (readonly [string, Partial<FitSpec>, string])[] => {
        const changes = changesOf(pair)
        const refusal = refusalOf(changes)
        return refusal === undefined ? [] : [[Object.values(pair).join(', '), changes, refusal]]
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
