import type { PairwiseObjective } from '@gradrec/engine'
import { ConfigError } from '../errors.ts'
import { cause } from './cause.ts'
import { dice } from './dice.ts'
import { gradient } from './gradient.ts'
import type { Inference } from './inference.ts'
import { ips } from './ips.ts'
import { macr } from './macr.ts'
import type { Dial, MethodOption, MethodOptions, MethodTraining, TrainingRun } from './method.ts'
import { original } from './original.ts'
import { pd } from './pd.ts'
import { pda } from './pda.ts'
import type { Popularity } from './popularity.ts'
import type { TrainedVectors } from './trainedVectors.ts'

/** Every method by its name. A new one is a file in this folder and its name here. */
export const METHODS: {
  readonly original: typeof original
  readonly gradient: typeof gradient
  readonly ips: typeof ips
  readonly cause: typeof cause
  readonly dice: typeof dice
  readonly macr: typeof macr
  readonly pd: typeof pd
  readonly pda: typeof pda
} = { original, gradient, ips, cause, dice, macr, pd, pda }

export type MethodKind = keyof typeof METHODS

/** A method with its options, as data. */
export type MethodConfig = {
  [Kind in MethodKind]: { readonly kind: Kind } & Parameters<(typeof METHODS)[Kind]['training']>[0]
}[MethodKind]

/** Names in the order that people read them. */
export const METHOD_KINDS = Object.keys(METHODS) as readonly MethodKind[]

/** A method bound to its options. */
export interface BoundMethod {
  readonly dials: Readonly<Record<string, Dial>>
  training(run: TrainingRun): MethodTraining
  inference(trained: TrainedVectors, popularity: Popularity): Inference
}

/** The method of a configuration. */
export function methodOf(config: MethodConfig): BoundMethod {
  const method = anyMethod(config.kind)
  return {
    dials: method.dials,
    training: (run) => method.training(config, run),
    inference: (trained, popularity) => method.inference(config, trained, popularity),
  }
}

/** What a method's own loss is made of; `undefined` for one that takes either. */
export function lossOf(kind: MethodKind): PairwiseObjective['kind'] | undefined {
  return anyMethod(kind).loss
}

/** The options of a method by name. */
export function methodOptions(kind: MethodKind): MethodOptions {
  return { ...METHODS[kind].options }
}

/** A method with the options that are given, and its defaults for the others. */
export function methodConfig(kind: MethodKind, given: Readonly<Record<string, string | number>> = {}): MethodConfig {
  const defaults = Object.entries(methodOptions(kind)).map(([name, option]) => [name, option.default])
  return checkedMethod({ kind, ...Object.fromEntries(defaults), ...given })
}

/**
 * A configuration of a method from outside: every option there, none that the method has not, each in its range, all going
 * together.
 *
 * @throws ConfigError naming the option
 */
export function checkedMethod(config: object): MethodConfig {
  const { kind, ...given } = config as Readonly<Record<string, unknown>>
  if (typeof kind !== 'string' || !Object.hasOwn(METHODS, kind)) {
    throw new ConfigError('method', kind, `one of ${METHOD_KINDS.join(', ')}`)
  }
  const options = methodOptions(kind as MethodKind)
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name)) continue
    throw new ConfigError(name, given[name], `nothing: method ${kind} has no such option`)
  }
  for (const [name, option] of Object.entries(options)) checkOption(name, option, given[name])
  const checked = config as MethodConfig
  anyMethod(checked.kind).check?.(checked)
  return checked
}

/** Engines compute with float32: nothing larger can reach them. */
const MOST_FLOAT32 = 3.4e38

function checkOption(name: string, option: MethodOption, value: unknown): void {
  if (option.kind === 'choice') {
    if (option.choices.some((choice) => choice === value)) return
    throw new ConfigError(name, value, `one of ${option.choices.join(', ')}`)
  }
  const { least, most = MOST_FLOAT32, whole = false } = option
  if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))) return
  const kind = whole ? 'a whole number' : 'a number'
  const isTooLarge = typeof value === 'number' && value > most
  const range = option.most === undefined && !isTooLarge ? `, ${least} or more` : ` from ${least} to ${most}`
  throw new ConfigError(name, value, `${kind}${range}`)
}

/** A method whose options have been checked to be its own. */
interface AnyMethod {
  readonly loss?: PairwiseObjective['kind']
  readonly dials: Readonly<Record<string, Dial>>
  check?(config: MethodConfig): void
  training(config: MethodConfig, run: TrainingRun): MethodTraining
  inference(config: MethodConfig, trained: TrainedVectors, popularity: Popularity): Inference
}

function anyMethod(kind: MethodKind): AnyMethod {
  return METHODS[kind] as AnyMethod
}
