export { completed, train, type TrainOptions } from './train.ts'
export { prepareRun, type PreparedRun } from './training/prepareRun.ts'
export type { TrainConfig } from './trainConfig.ts'
export { checkTrainConfig } from './training/checkTrainConfig.ts'
export type { Checkpoint } from './training/checkpoint.ts'
export type { Schedule } from './training/schedule.ts'
export type {
  CheckpointEvent,
  EpochEvent,
  ProgressEvent,
  RepairEvent,
  StartEvent,
  StopEvent,
  StopReason,
  TrainEvent,
  ValidationEvent,
} from './trainEvent.ts'
export { inferenceOf, withDials, type EpochRecord, type Model } from './model.ts'
export { tune, type Tuned, type TunedSetting, type TuneOptions } from './tune.ts'
export {
  recommend,
  recommendInBlocks,
  type Recommendation,
  type RecommendOptions,
  type UserRecommendations,
} from './recommend.ts'
export {
  checkedMethod,
  METHOD_KINDS,
  methodConfig,
  methodOf,
  methodOptions,
  METHODS,
  type BoundMethod,
  type MethodConfig,
  type MethodKind,
} from './methods/methods.ts'
export type { ChoiceOption, Dial, MethodOption, MethodOptions, NumberOption } from './methods/method.ts'
export { PAPER_GRID } from './methods/gradient.ts'
export { directionsOf, RECOMMENDED_DIRECTIONS, type DirectionOptions, type Directions } from './methods/directions.ts'
export { popularityIn, type Popularity } from './methods/popularity.ts'
export type { Dials, Inference } from './methods/inference.ts'
export type { RecordedGradients, TrainedVectors } from './methods/trainedVectors.ts'
export type { Recipe } from './recipes/recipe.ts'
export { RECIPES, recipeFor } from './recipes/recipes.ts'
export { initialTable, type Initialisation, type TableShape } from './initialTable.ts'
export type { ScoringVectors } from './scoringVectors.ts'
export { itemKnn, neighbourRanker } from './itemKnn.ts'
export { itemNeighbours, type ItemNeighbours, type ItemNeighboursOptions } from './itemNeighbours.ts'
export { mostPopular } from './mostPopular.ts'
export { randomVectors } from './randomVectors.ts'
export {
  evaluate,
  evaluateRanker,
  type AverageOver,
  type EvaluatedPart,
  type EvaluateOptions,
  type Evaluation,
  type EvaluationWithLists,
} from './evaluate.ts'
export { evaluateParts, TEST_PARTS } from './evaluation/evaluateParts.ts'
export {
  evaluateVariants,
  type EvaluateVariantsOptions,
  type VariantEvaluation,
  type VariantsEvaluation,
  type VariantsProgress,
} from './evaluation/evaluateVariants.ts'
export { vectorRanker, type Ranker } from './evaluation/ranker.ts'
export type { EvaluatedLists } from './evaluation/evaluatedLists.ts'
export { itemPopularity, type ItemPopularity } from './evaluation/itemPopularity.ts'
export type { RankingOptions } from './evaluation/userBlocks.ts'
export type { MetricSet, WantedMetrics } from './evaluation/wantedMetrics.ts'
export { compare, type Comparison, type ListsComparison, type PerUserComparison } from './evaluation/compare.ts'
export { confidenceInterval, confidenceIntervals } from './evaluation/confidenceInterval.ts'
export type { BootstrapOptions, Interval } from './evaluation/bootstrap.ts'
export {
  ACCURACY_METRIC_NAMES,
  isAccuracyKey,
  isListsKey,
  isMetricKey,
  isPerUserKey,
  METRIC_NAMES,
  metricLabel,
  METRICS,
  metricValue,
  PAPER_METRIC_NAMES,
  parseMetricKey,
  type AccuracyKey,
  type AccuracyMetric,
  type AccuracyName,
  type ItemMeanMetric,
  type ListsKey,
  type ListsMetric,
  type ListsName,
  type Metric,
  type MetricKey,
  type MetricName,
  type PerUserKey,
  type PerUserName,
} from './metrics/metric.ts'
export type { ListHits } from './metrics/listHits.ts'
export type { HeadAndTail, ListTotals } from './metrics/listTotals.ts'
export { popularityGroups, type PopularityGroup } from './metrics/popularityGroups.ts'
export { AbortedError, CheckpointError, ComparisonError, ConfigError, DatasetError, DivergedError } from './errors.ts'
