import { checkTrainConfig, ConfigError, recipeFor, RECIPES, type Recipe, type TrainConfig } from '@gradrec/core'
import { refuseMeaningless, wrongValue, type ResolvedSettings } from './resolveSettings.ts'
import type { TrainSettings } from './trainSettings.ts'

export interface ChosenConfig {
  readonly recipe: Recipe
  readonly config: TrainConfig
}

/** The recipe's configuration with the given settings laid over it. A `UsageError` says which is out of its range. */
export function trainConfigOf({ settings, given }: ResolvedSettings, dataset: string): ChosenConfig {
  const recipe = settings.recipe === undefined ? recipeFor(dataset) : RECIPES[settings.recipe]
  const base = recipe.config(settings.backbone ?? 'mf', dataset)
  const chosen = {
    backbone: base.backbone.kind,
    initialisation: settings.initialisation ?? base.initialisation.kind,
    optimizer: settings.optimizer ?? base.optimizer.kind,
  }
  refuseMeaningless(given, chosen)
  const config: TrainConfig = {
    backbone:
      base.backbone.kind === 'lgn' ? { kind: 'lgn', layers: settings.layers ?? base.backbone.layers } : base.backbone,
    loss: settings.loss ?? base.loss,
    dimension: settings.dimension ?? base.dimension,
    batch: settings.batch ?? base.batch,
    negatives: settings.negatives ?? base.negatives,
    positives: settings.positives ?? base.positives,
    optimizer: optimizerOf(settings, base.optimizer),
    l2: settings.l2 ?? base.l2,
    epochs: settings.epochs ?? base.epochs,
    initialisation: initialisationOf(settings, base.initialisation),
    seed: settings.seed ?? base.seed,
    evaluateEvery: settings.evaluateEvery ?? base.evaluateEvery,
    patience: settings.patience ?? base.patience,
    // `checkTrainConfig` below refuses text that is no metric.
    watch: (settings.watch ?? base.watch) as TrainConfig['watch'],
    k: settings.k ?? base.k,
    averageOver: settings.averageOver ?? base.averageOver,
    maskValidation: settings.maskValidation ?? base.maskValidation,
  }
  try {
    checkTrainConfig(config)
  } catch (error) {
    if (error instanceof ConfigError) throw wrongValue(given, error.key, error.value, error.expected)
    throw error
  }
  return { recipe, config }
}

/** The inverse: a configuration as settings, with which it can be given again. */
export function settingsOf(config: TrainConfig): TrainSettings {
  const { backbone, optimizer, initialisation, ...same } = config
  const { kind, ...rates } = optimizer
  return {
    backbone: backbone.kind,
    ...(backbone.kind === 'lgn' && { layers: backbone.layers }),
    ...same,
    optimizer: kind,
    ...rates,
    initialisation: initialisation.kind,
    ...(initialisation.kind === 'normal' && { sd: initialisation.sd }),
  }
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
