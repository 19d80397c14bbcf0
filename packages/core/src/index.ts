export { completed, train, type TrainOptions } from './train.ts'
export type { TrainConfig } from './trainConfig.ts'
export { checkTrainConfig } from './checkTrainConfig.ts'
export type {
  EpochEvent,
  ProgressEvent,
  RepairEvent,
  StartEvent,
  StopEvent,
  StopReason,
  TrainEvent,
  ValidationEvent,
} from './trainEvent.ts'
export type { EpochRecord, Model } from './model.ts'
export type { Recipe } from './recipes/recipe.ts'
export { RECIPES, recipeFor } from './recipes/recipes.ts'
export { initialTable, type Initialisation, type TableShape } from './initialTable.ts'
export type { ScoringVectors } from './scoringVectors.ts'
export { mostPopular } from './mostPopular.ts'
export { evaluate, type AverageOver, type EvaluatedPart, type EvaluateOptions, type Evaluation } from './evaluate.ts'
export {
  isMetricKey,
  METRIC_NAMES,
  metricLabel,
  METRICS,
  metricValue,
  parseMetricKey,
  type Metric,
  type MetricKey,
  type MetricName,
} from './metrics/metric.ts'
export { recall } from './metrics/recall.ts'
export { hitRate } from './metrics/hitRate.ts'
export { ndcg } from './metrics/ndcg.ts'
export { AbortedError, ConfigError, DatasetError, DivergedError } from './errors.ts'
