import type { Engine, Fit, FitSpec } from '@gradrec/engine'
import type { Dataset, Repair } from '@gradrec/data'
import { BestModel } from './bestModel.ts'
import { checkTrainConfig } from './checkTrainConfig.ts'
import { AbortedError, DivergedError } from './errors.ts'
import { evaluate, type EvaluateOptions } from './evaluate.ts'
import { initialTable } from './initialTable.ts'
import { metricValue, parseMetricKey } from './metrics/metric.ts'
import type { EpochRecord, Model } from './model.ts'
import type { ScoringVectors } from './scoringVectors.ts'
import { StepChunks } from './stepChunks.ts'
import type { TrainConfig } from './trainConfig.ts'
import type { EpochEvent, ProgressEvent, StartEvent, StopReason, TrainEvent, ValidationEvent } from './trainEvent.ts'
import { trainingInteractions } from './trainingInteractions.ts'

export interface TrainOptions {
  /** Stops between chunks of steps, some tenths of a second each; the best model so far is returned. */
  readonly signal?: AbortSignal
}

/**
 * Trains a model: an async generator of what happens (see `TrainEvent` for the order) that returns the model. Nothing runs
 * ahead of the consumer. Same data, config, engine and device: same embeddings, bit for bit.
 *
 * With a validation part the model of the best validated epoch is returned, otherwise the last; stopped before the first
 * validation, what there is.
 *
 * @throws ConfigError for a setting out of its range, DatasetError where there is nothing to train on, DivergedError when
 * loss or embeddings leave the finite numbers
 */
export async function* train(
  dataset: Dataset,
  config: TrainConfig,
  engine: Engine,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, Model, void> {
  const run = prepare(dataset, config)
  const fit = await engine.fit(run.spec)
  try {
    yield startEvent(dataset, run, fit, engine)
    for (const repair of run.repairs) yield { type: 'repair', ...repair }
    return yield* epochs(dataset, run.config, engine, fit, options.signal)
  } finally {
    fit.close()
  }
}

/**
 * Runs a training to its end and returns the model, for callers who have nothing to do between events.
 *
 * @example const model = await completed(train(dataset, config, engine))
 */
export async function completed(
  training: AsyncGenerator<TrainEvent, Model, void>,
  onEvent?: (event: TrainEvent) => void,
): Promise<Model> {
  for (;;) {
    const next = await training.next()
    if (next.done) return next.value
    onEvent?.(next.value)
  }
}

interface PreparedRun {
  readonly spec: FitSpec
  /** As it will be trained. */
  readonly config: TrainConfig
  readonly repairs: readonly Repair[]
}

function prepare(dataset: Dataset, wanted: TrainConfig): PreparedRun {
  checkTrainConfig(wanted)
  const { interactions, repairs } = trainingInteractions(dataset)
  const available = interactions.columns.length
  const config = { ...wanted, batch: Math.min(wanted.batch, available) }
  const clamped: Repair = {
    code: 'batch-clamped',
    count: available,
    message: `batch is ${wanted.batch}, more than the ${available} training interactions there are: every step takes all ${available}`,
  }
  const shape = { users: dataset.users.size, items: dataset.items.size, dimension: config.dimension }
  const spec: FitSpec = {
    dimension: config.dimension,
    interactions,
    backbone: config.backbone,
    objective: { kind: config.loss, l2: config.l2 },
    sampler: { positives: config.positives, negatives: config.negatives },
    optimizer: config.optimizer,
    batch: config.batch,
    seed: config.seed,
    initialTable: initialTable(shape, config.initialisation, config.seed),
  }
  return { spec, config, repairs: config.batch < wanted.batch ? [...repairs, clamped] : repairs }
}

function startEvent(dataset: Dataset, run: PreparedRun, fit: Fit, engine: Engine): StartEvent {
  const users = dataset.users.size
  const items = dataset.items.size
  const interactions = run.spec.interactions.columns.length
  return {
    type: 'start',
    dataset: dataset.name,
    dataHash: dataset.hash,
    users,
    items,
    interactions,
    density: interactions / (users * items),
    parameters: (users + items) * run.config.dimension,
    stepsPerEpoch: fit.stepsPerEpoch,
    epochs: run.config.epochs,
    engine: engine.name,
    device: engine.device,
  }
}

async function* epochs(
  dataset: Dataset,
  config: TrainConfig,
  engine: Engine,
  fit: Fit,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainEvent, Model, void> {
  const keeper = new BestModel(config.patience)
  const chunks = new StepChunks(fit.stepsAtOnce)
  const history: EpochRecord[] = []
  let stopped: StopReason = 'epochs'
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const done = yield* oneEpoch(epoch, fit, config, chunks, signal)
    if (done === 'aborted') {
      stopped = 'aborted'
      break
    }
    yield done
    const { loss, seconds, triplesPerSecond } = done
    const due = epoch % config.evaluateEvery === 0 || epoch === config.epochs
    if (dataset.parts.validation === undefined || !due) {
      history.push({ epoch, loss, seconds, triplesPerSecond })
      continue
    }
    const validation = await validate(epoch, dataset, config, engine, fit, keeper, signal)
    if (validation === 'aborted') {
      history.push({ epoch, loss, seconds, triplesPerSecond })
      stopped = 'aborted'
      break
    }
    history.push({ epoch, loss, seconds, triplesPerSecond, validation: validation.metrics })
    yield validation
    if (keeper.exhausted && epoch < config.epochs) {
      stopped = 'patience'
      break
    }
  }
  const kept = keeper.best ?? { vectors: await finiteEmbeddings(fit, config, history.length), epoch: history.length }
  yield { type: 'stop', reason: stopped, epochs: history.length, bestEpoch: kept.epoch }
  return {
    vectors: kept.vectors,
    users: dataset.users,
    items: dataset.items,
    epoch: kept.epoch,
    stopped,
    config,
    dataset: dataset.name,
    dataHash: dataset.hash,
    engine: engine.name,
    device: engine.device,
    history,
  }
}

async function* oneEpoch(
  epoch: number,
  fit: Fit,
  config: TrainConfig,
  chunks: StepChunks,
  signal: AbortSignal | undefined,
): AsyncGenerator<ProgressEvent, EpochEvent | 'aborted', void> {
  const { stepsPerEpoch } = fit
  let lossSum = 0
  let triples = 0
  let seconds = 0
  for (let step = 0; step < stepsPerEpoch;) {
    if (signal?.aborted) return 'aborted'
    const began = performance.now()
    const report = await fit.steps(chunks.next(stepsPerEpoch - step))
    const elapsed = (performance.now() - began) / 1000
    chunks.took(report.steps, elapsed)
    step += report.steps
    lossSum += report.lossSum
    triples += report.triples
    seconds += elapsed
    const loss = lossSum / triples
    if (!Number.isFinite(loss)) {
      throw new DivergedError(`the loss became ${loss}`, epoch, fit.step, config.optimizer.learningRate)
    }
    yield { type: 'progress', epoch, step, stepsPerEpoch, loss, triplesPerSecond: report.triples / elapsed }
  }
  return { type: 'epoch', epoch, loss: lossSum / triples, seconds, triples, triplesPerSecond: triples / seconds }
}

async function validate(
  epoch: number,
  dataset: Dataset,
  config: TrainConfig,
  engine: Engine,
  fit: Fit,
  keeper: BestModel,
  signal: AbortSignal | undefined,
): Promise<ValidationEvent | 'aborted'> {
  const began = performance.now()
  const vectors = await finiteEmbeddings(fit, config, epoch)
  const options: EvaluateOptions = {
    k: [config.k, parseMetricKey(config.watch).k],
    averageOver: config.averageOver,
    maskValidation: config.maskValidation,
    ...(signal && { signal }),
  }
  try {
    const { metrics } = await evaluate(vectors, dataset, 'validation', engine, options)
    const best = keeper.offer({ vectors, epoch, value: metricValue(metrics, config.watch) })
    const seconds = (performance.now() - began) / 1000
    return { type: 'validation', epoch, metrics, watch: config.watch, best, seconds }
  } catch (error) {
    if (error instanceof AbortedError) return 'aborted'
    throw error
  }
}

async function finiteEmbeddings(fit: Fit, config: TrainConfig, epoch: number): Promise<ScoringVectors> {
  const vectors = await fit.embeddings()
  for (const matrix of [vectors.users, vectors.items]) {
    if (!matrix.values.every(Number.isFinite)) {
      throw new DivergedError('an embedding is not finite', epoch, fit.step, config.optimizer.learningRate)
    }
  }
  return vectors
}
