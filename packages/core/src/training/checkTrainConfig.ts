import { FIT_LIMITS, LONGEST_LIST, type LightGcn } from '@gradrec/engine'
import { ConfigError } from '../errors.ts'
import { ACCURACY_METRIC_NAMES, isAccuracyKey, parseMetricKey } from '../metrics/metric.ts'
import { checkedMethod, lossOf } from '../methods/methods.ts'
import type { TrainConfig } from '../trainConfig.ts'
import type { Schedule } from './schedule.ts'

/** Throws a `ConfigError` naming the first setting that no run could have, whatever the data. */
export function checkTrainConfig(config: TrainConfig): void {
  checkDimension(config.dimension)
  if (config.backbone.kind === 'lgn') checkLightGcn(config.backbone)
  checkedMethod(config.method)
  checkMethodInRun(config)
  whole('batch', config.batch, 1, FIT_LIMITS.batch)
  whole('negatives', config.negatives, 1, FIT_LIMITS.negatives)
  checkOptimizer(config.optimizer)
  checkUpdate(config)
  checkSchedule(config.schedule, config.optimizer.learningRate)
  notNegative('l2', config.l2)
  whole('epochs', config.epochs, 1)
  if (config.initialisation.kind === 'normal') positive('sd', config.initialisation.sd)
  whole('seed', config.seed, 0, Number.MAX_SAFE_INTEGER)
  whole('evaluateEvery', config.evaluateEvery, 1)
  whole('patience', config.patience, 0)
  whole('k', config.k, 1, LONGEST_LIST)
  if (!isAccuracyKey(config.watch) || parseMetricKey(config.watch).k > LONGEST_LIST) {
    const examples = ACCURACY_METRIC_NAMES.map((name) => `${name}@20`).join(', ')
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

function checkLightGcn({ layers, degreeExponent = 0.5, dropout = 0 }: LightGcn): void {
  whole('layers', layers, 1, 16)
  if (!(degreeExponent >= 0 && degreeExponent <= 1)) {
    throw new ConfigError('degreeExponent', degreeExponent, 'a number from 0 to 1')
  }
  if (!(dropout >= 0 && dropout <= 0.9)) throw new ConfigError('dropout', dropout, 'a number from 0 to 0.9')
}

/** What a method asks of the rest of the configuration. */
function checkMethodInRun({ method, loss, dimension }: TrainConfig): void {
  const own = lossOf(method.kind)
  if (own !== undefined && loss !== own) {
    throw new ConfigError('loss', loss, `${own}: method ${method.kind} has a loss of its own, made of ${own}`)
  }
  if (method.kind === 'dice' && dimension % 8 !== 0) {
    throw new ConfigError('dimension', dimension, 'a multiple of 8 with dice, which halves it')
  }
}

function checkSchedule(schedule: Schedule, learningRate: number): void {
  if (schedule.kind === 'constant') return
  const { factor, patience, threshold, minimumRate } = schedule
  if (!(factor > 0 && factor < 1)) throw new ConfigError('rateFactor', factor, 'a number between 0 and 1')
  whole('ratePatience', patience, 0)
  notNegative('rateThreshold', threshold)
  if (minimumRate > 0 && minimumRate <= learningRate) return
  throw new ConfigError('minimumRate', minimumRate, `a number above 0, at most the learning rate ${learningRate}`)
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
