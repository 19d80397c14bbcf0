import type { Backbone, Csr, FitSpec, PairwiseObjective, PopularityMargin, Sampler } from '@gradrec/engine'
import type { Inference } from './inference.ts'
import type { Popularity } from './popularity.ts'
import type { TrainedVectors } from './trainedVectors.ts'

/**
 * A method of debiasing has two halves that meet nowhere else: what training minimises and records, and how the trained vectors
 * rank. One file each in this folder, and a line in `methods.ts`; trainer, tuning, evaluation, files and command line learn from its
 * options and dials what there is to set.
 */
export interface Method<Kind extends string, Options extends object> {
  readonly kind: Kind
  /** One line for people, with its source. */
  readonly summary: string
  /** What is decided before training, by name. Names mean the same in every method that has them. */
  readonly options: { readonly [Name in keyof Options]-?: OptionOf<Options[Name]> }
  /** What can be turned after training, by name. */
  readonly dials: Readonly<Record<string, Dial>>
  /** What its own loss is made of, where a run cannot choose. */
  readonly loss?: PairwiseObjective['kind']
  /** Throws a `ConfigError` for options that do not go together; each has been checked by itself. */
  check?(options: Options): void
  /** The half that trains. Throws a `ConfigError` or a `DatasetError` where options and data do not go together. */
  training(options: Options, run: TrainingRun): MethodTraining
  /** The half that infers. */
  inference(options: Options, trained: TrainedVectors, popularity: Popularity): Inference
}

export type MethodOption = NumberOption | ChoiceOption

export interface NumberOption {
  readonly kind: 'number'
  readonly default: number
  /** The least it may be. */
  readonly least: number
  /** The most it may be; left out for no limit but float32's. */
  readonly most?: number
  /** Whether it has to be whole. */
  readonly whole?: boolean
  readonly description: string
}

export interface ChoiceOption<Choice extends string = string> {
  readonly kind: 'choice'
  readonly default: Choice
  readonly choices: readonly Choice[]
  readonly description: string
}

export type MethodOptions = Readonly<Record<string, MethodOption>>

/** What describes an option of a type: a choice among words, or a number. */
export type OptionOf<Value> = [Value] extends [string] ? ChoiceOption<Value> : NumberOption

export interface Dial {
  /** Values that tuning tries; 0 is off. */
  readonly grid: readonly number[]
  readonly description: string
}

/** What the half that trains may look at. */
export interface TrainingRun {
  readonly loss: PairwiseObjective['kind']
  readonly l2: number
  readonly backbone: Backbone['kind']
  /** How positives are drawn. */
  readonly positives: Sampler['positives']
  /** Negatives per positive. */
  readonly negatives: number
  readonly seed: number
  /** What is trained on, users × items: the training part after repairs. */
  readonly interactions: Csr
  /** Those of `interactions` that were shown against popularity, where the data set says which. */
  readonly intervened?: Csr
  /** Of all training interactions. */
  readonly popularity: Popularity
  /** Of the training interactions that were not drawn against popularity: all, where the data set has no such part. */
  readonly biasedPopularity: Popularity
}

/** What a method makes of a run. */
export interface MethodTraining extends Pick<FitSpec, 'objective' | 'recording' | 'arms'> {
  /** Draws negatives by popularity; left out for uniform ones. */
  readonly margin?: PopularityMargin
  /** The run's interactions in rows and columns of the method's own; left out where they are trained on as they are. */
  readonly interactions?: Csr
}

/** A choice among words. */
export function choice<const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  description: string,
): ChoiceOption<Choice> {
  return { kind: 'choice', default: choices[0], choices, description }
}

/** A number, 0 or more unless said otherwise. */
export function number(standard: number, description: string, least = 0, most?: number): NumberOption {
  return { kind: 'number', default: standard, least, ...(most !== undefined && { most }), description }
}

/** A whole number, 0 or more unless said otherwise. */
export function wholeNumber(standard: number, description: string, least = 0, most?: number): NumberOption {
  return { ...number(standard, description, least, most), whole: true }
}
