import { FIT_LIMITS, LONGEST_LIST } from '@gradrec/engine'
import { ConfigError } from './errors.ts'
import { isMetricKey, METRIC_NAMES, parseMetricKey } from './metrics/metric.ts'
import type { TrainConfig } from './trainConfig.ts'

/** Throws a `ConfigError` naming the first setting that no run could have, whatever the data. */
export function checkTrainConfig(config: TrainConfig): void {
  checkDimension(config.dimension)
  if (config.backbone.kind === 'lgn') whole('layers', config.backbone.layers, 1, 16)
  whole('batch', config.batch, 1, FIT_LIMITS.batch)
  whole('negatives', config.negatives, 1, FIT_LIMITS.negatives)
  checkOptimizer(config.optimizer)
  checkUpdate(config)
  notNegative('l2', config.l2)
  whole('epochs', config.epochs, 1)
  if (config.initialisation.kind === 'normal') positive('sd', config.initialisation.sd)
  whole('seed', config.seed, 0, Number.MAX_SAFE_INTEGER)
  whole('evaluateEvery', config.evaluateEvery, 1)
  whole('patience', config.patience, 0)
  whole('k', config.k, 1, LONGEST_LIST)
  if (!isMetricKey(config.watch) || parseMetricKey(config.watch).k > LONGEST_LIST) {
    const examples = METRIC_NAMES.map((name) => `${name}@20`).join(', ')
    throw new ConfigError(
      'watch',
      config.watch,
      `a metric and the length of its list, up to ${LONGEST_LIST}: ${examples}`,
    )
  }
}

function checkDimension(value: number): void {
  const most = FIT_LIMITS.dimension
  if (Number.isInteger(value) && value >= 4 && value <= most && value % 4 === 0) return
  const nearest = Math.min(most, Math.max(4, Math.round(value / 4) * 4))
  const hint = Number.isFinite(value) ? ` (the nearest is ${nearest})` : ''
  throw new ConfigError('dimension', value, `a multiple of 4 from 4 to ${most}${hint}`)
}

function checkOptimizer(optimizer: TrainConfig['optimizer']): void {
  positive('learningRate', optimizer.learningRate)
  notNegative('weightDecay', optimizer.weightDecay)
  if (optimizer.kind === 'sgd') return
  for (const key of ['beta1', 'beta2'] as const) {
    const value = optimizer[key]
    if (!(value >= 0 && value < 1)) throw new ConfigError(key, value, 'a number from 0 up to, not including, 1')
  }
  positive('epsilon', optimizer.epsilon)
}

/** Lazy updates are for rows that get no gradient between touches. */
function checkUpdate({ optimizer, backbone }: TrainConfig): void {
  if (optimizer.kind !== 'adam' || optimizer.update !== 'lazy') return
  const reason = backbone.kind === 'lgn' ? 'LightGCN' : optimizer.weightDecay > 0 ? 'weight decay' : undefined
  if (reason === undefined) return
  throw new ConfigError('update', 'lazy', `dense with ${reason}, which reaches every row at every step`)
}

function whole(key: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return
  throw new ConfigError(
    key,
    value,
    `a whole number${most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`}`,
  )
}

function positive(key: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) throw new ConfigError(key, value, 'a number above 0')
}

function notNegative(key: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) throw new ConfigError(key, value, 'a number, 0 or more')
}
