import {
  checkedMethod,
  checkTrainConfig,
  ConfigError,
  methodOptions,
  recipeFor,
  RECIPES,
  type MethodConfig,
  type Recipe,
  type TrainConfig,
} from '@gradrec/core'
import type { MethodSettings } from './methodSettings.ts'
import { refuseMeaningless, wrongValue, type ResolvedSettings } from './resolveSettings.ts'
import type { SettingValues, TrainSettings } from './trainSettings.ts'

export interface ChosenConfig {
  readonly recipe: Recipe
  readonly config: TrainConfig
}

/** The recipe's configuration with the given settings laid over it. A `UsageError` says which is out of its range. */
export function trainConfigOf(resolved: ResolvedSettings, dataset: string): ChosenConfig {
  const { settings, given } = resolved
  const recipe = settings.recipe === undefined ? recipeFor(dataset) : RECIPES[settings.recipe]
  const base = recipe.config(settings.backbone ?? 'mf', dataset, settings.method)
  try {
    const config = laidOver(base, resolved)
    refuseMeaningless(given, settingsOf(config))
    checkTrainConfig(config)
    return { recipe, config }
  } catch (error) {
    if (error instanceof ConfigError) throw wrongValue(given, error.key, error.value, error.expected)
    throw error
  }
}

function laidOver(base: TrainConfig, { settings, ofMethods }: ResolvedSettings): TrainConfig {
  return {
    backbone: backboneOf(settings, base.backbone),
    method: methodOf(ofMethods, base.method),
    loss: settings.loss ?? base.loss,
    dimension: settings.dimension ?? base.dimension,
    batch: settings.batch ?? base.batch,
    negatives: settings.negatives ?? base.negatives,
    distinct: settings.distinct ?? base.distinct,
    positives: settings.positives ?? base.positives,
    optimizer: optimizerOf(settings, base.optimizer),
    schedule: scheduleOf(settings, base),
    l2: settings.l2 ?? base.l2,
    epochs: settings.epochs ?? base.epochs,
    initialisation: initialisationOf(settings, base.initialisation),
    seed: settings.seed ?? base.seed,
    evaluateEvery: settings.evaluateEvery ?? base.evaluateEvery,
    patience: settings.patience ?? base.patience,
    // `checkTrainConfig` refuses text that is no metric.
    watch: (settings.watch ?? base.watch) as TrainConfig['watch'],
    k: settings.k ?? base.k,
    averageOver: settings.averageOver ?? base.averageOver,
    maskValidation: settings.maskValidation ?? base.maskValidation,
  }
}

/** The inverse: a configuration as settings, with which it can be given again. */
export function settingsOf(config: TrainConfig): SettingValues {
  const { backbone, method, optimizer, schedule, initialisation, ...same } = config
  const { kind: backboneKind, ...graph } = backbone
  const { kind: methodKind, ...options } = method
  const { kind: optimizerKind, ...rates } = optimizer
  return {
    backbone: backboneKind,
    ...graph,
    method: methodKind,
    ...options,
    ...same,
    optimizer: optimizerKind,
    ...rates,
    ...settingsOfSchedule(schedule),
    initialisation: initialisation.kind,
    ...(initialisation.kind === 'normal' && { sd: initialisation.sd }),
  }
}

function settingsOfSchedule(schedule: TrainConfig['schedule']): SettingValues {
  if (schedule.kind === 'constant') return { schedule: 'constant' }
  const { factor, patience, threshold, minimumRate } = schedule
  return { schedule: 'plateau', rateFactor: factor, ratePatience: patience, rateThreshold: threshold, minimumRate }
}

function backboneOf(settings: TrainSettings, base: TrainConfig['backbone']): TrainConfig['backbone'] {
  if (base.kind === 'mf') return base
  const { layers, selfLoops, degreeExponent, dropout } = settings
  return {
    ...base,
    ...(layers !== undefined && { layers }),
    ...(selfLoops !== undefined && { selfLoops }),
    ...(degreeExponent !== undefined && { degreeExponent }),
    ...(dropout !== undefined && { dropout }),
  }
}

/** Of the settings of methods those that this one has. */
function methodOf(settings: MethodSettings, base: MethodConfig): MethodConfig {
  const options = methodOptions(base.kind)
  const own = Object.entries(settings).filter(([name]) => Object.hasOwn(options, name))
  return checkedMethod({ ...base, ...Object.fromEntries(own) })
}

function optimizerOf(settings: TrainSettings, base: TrainConfig['optimizer']): TrainConfig['optimizer'] {
  const learningRate = settings.learningRate ?? base.learningRate
  const weightDecay = settings.weightDecay ?? base.weightDecay
  if ((settings.optimizer ?? base.kind) === 'sgd') return { kind: 'sgd', learningRate, weightDecay }
  const adam =
    base.kind === 'adam' ? base : { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, amsgrad: false, update: 'dense' as const }
  return {
    kind: 'adam',
    learningRate,
    beta1: settings.beta1 ?? adam.beta1,
    beta2: settings.beta2 ?? adam.beta2,
    epsilon: settings.epsilon ?? adam.epsilon,
    weightDecay,
    amsgrad: settings.amsgrad ?? adam.amsgrad,
    update: settings.update ?? (weightDecay > 0 ? 'dense' : (adam.update ?? 'dense')),
  }
}

function initialisationOf(settings: TrainSettings, base: TrainConfig['initialisation']): TrainConfig['initialisation'] {
  const kind = settings.initialisation ?? base.kind
  if (kind !== 'normal') return { kind }
  return { kind, sd: settings.sd ?? (base.kind === 'normal' ? base.sd : 0.1) }
}

/** PyTorch's defaults, but for the lowest rate, which would be 0. */
const PLATEAU = { factor: 0.1, patience: 10, threshold: 1e-4 } as const

function scheduleOf(settings: TrainSettings, { schedule, optimizer }: TrainConfig): TrainConfig['schedule'] {
  const kind = settings.schedule ?? schedule.kind
  if (kind === 'constant') return { kind }
  const learningRate = settings.learningRate ?? optimizer.learningRate
  const plateau = schedule.kind === 'plateau' ? schedule : { ...PLATEAU, minimumRate: learningRate / 1000 }
  return {
    kind,
    factor: settings.rateFactor ?? plateau.factor,
    patience: settings.ratePatience ?? plateau.patience,
    threshold: settings.rateThreshold ?? plateau.threshold,
    minimumRate: settings.minimumRate ?? plateau.minimumRate,
  }
}
