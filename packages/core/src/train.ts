import { checkMemory, type Engine, type Fit, type FitSpec } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { AbortedError, DivergedError } from './errors.ts'
import { metricValue } from './metrics/metric.ts'
import { inferenceOf, type EpochRecord, type Model } from './model.ts'
import type { TrainConfig } from './trainConfig.ts'
import type { CheckpointEvent, EpochEvent, ProgressEvent, StartEvent, StopReason, TrainEvent } from './trainEvent.ts'
import { BestModel } from './training/bestModel.ts'
import { checkResumes, type Checkpoint } from './training/checkpoint.ts'
import { prepareRun, type PreparedRun } from './training/prepareRun.ts'
import { LearningRate } from './training/schedule.ts'
import { StepChunks } from './training/stepChunks.ts'
import { trainedVectors, validate, type Validation } from './training/validate.ts'

export interface TrainOptions {
  /** Stops between chunks of steps, some tenths of a second each; the best model so far is returned. */
  readonly signal?: AbortSignal
  /** Where to go on from. The result is what training without a stop would have given, bit for bit on the same engine. */
  readonly resume?: Checkpoint
  /** Saves checkpoints as the run goes on. */
  readonly checkpoints?: {
    /** Awaited before training goes on. */
    readonly save: (checkpoint: Checkpoint) => Promise<void>
    /** Least seconds between two; 0 saves after every epoch. The run's end is always saved. Default 30. */
    readonly everySeconds?: number
  }
}

/**
 * Trains a model: an async generator of what happens (see `TrainEvent` for the order) that returns the model. Nothing runs
 * ahead of the consumer. Same data, config, engine and device: same embeddings, bit for bit, stopped and resumed or not.
 *
 * With a validation part the model of the best validated epoch is returned, otherwise the last; stopped before the first
 * validation, what there is. Its dials are off: `tune` turns them.
 *
 * @throws ConfigError for a setting out of its range, DatasetError where there is nothing to train on, CheckpointError for a
 * checkpoint of another run, MemoryError for a run that the engine cannot hold, DivergedError when loss or embeddings leave the finite numbers
 */
export async function* train(
  dataset: Dataset,
  config: TrainConfig,
  engine: Engine,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, Model, void> {
  const prepared = prepareRun(dataset, config, (shape) => checkMemory(engine.memoryPlan(shape)))
  if (options.resume !== undefined) checkResumes(options.resume, dataset, prepared.config)
  const fit = await engine.fit(prepared.spec)
  try {
    const run = await openRun(dataset, prepared, engine, fit, options)
    yield startEvent(run)
    for (const repair of prepared.repairs) yield { type: 'repair', ...repair }
    const stopped = yield* epochs(run)
    const model = await finished(run, stopped)
    yield { type: 'stop', reason: stopped, epochs: run.history.length, bestEpoch: model.epoch }
    return model
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

/** A run under way. */
interface Run {
  readonly dataset: Dataset
  readonly config: TrainConfig
  readonly spec: FitSpec
  readonly engine: Engine
  readonly fit: Fit
  readonly options: TrainOptions
  readonly chunks: StepChunks
  readonly best: BestModel
  readonly rate: LearningRate
  readonly history: EpochRecord[]
  readonly resumedFrom: number
}

async function openRun(
  dataset: Dataset,
  { config, spec }: PreparedRun,
  engine: Engine,
  fit: Fit,
  options: TrainOptions,
): Promise<Run> {
  const { resume } = options
  if (resume !== undefined) await fit.restore(resume.fit)
  return {
    dataset,
    config,
    spec,
    engine,
    fit,
    options,
    chunks: new StepChunks(fit.stepsAtOnce),
    best: new BestModel(config.patience, resume?.best),
    rate:
      resume === undefined
        ? LearningRate.start(config.schedule, config.optimizer.learningRate)
        : new LearningRate(config.schedule, resume.schedule),
    history: [...(resume?.history ?? [])],
    resumedFrom: resume?.epoch ?? 0,
  }
}

function startEvent({ dataset, config, spec, fit, engine, resumedFrom }: Run): StartEvent {
  const users = dataset.users.size
  const items = dataset.items.size
  const interactions = spec.interactions.columns.length
  return {
    type: 'start',
    dataset: dataset.name,
    dataHash: dataset.hash,
    users,
    items,
    interactions,
    density: interactions / (users * items),
    parameters: spec.initialTable.length,
    stepsPerEpoch: fit.stepsPerEpoch,
    epochs: config.epochs,
    resumedFrom,
    memoryBytes: engine.memoryPlan(spec).bytes,
    engine: engine.name,
    device: engine.device,
  }
}

/**
 * Trains epoch after epoch: steps, validation where it is due, learning rate, checkpoint. A last epoch that is not due is
 * validated after its checkpoint, so that a lengthened run goes on as if it had never been the last.
 */
async function* epochs(run: Run): AsyncGenerator<TrainEvent, StopReason, void> {
  const { dataset, config, fit, best, rate, history, options } = run
  const validates = dataset.parts.validation !== undefined
  let savedAt = performance.now()
  for (let epoch = run.resumedFrom + 1; epoch <= config.epochs; epoch++) {
    if (best.exhausted) break
    const done = yield* oneEpoch(epoch, run)
    if (done === 'aborted') return 'aborted'
    yield done
    const { loss, learningRate, seconds, triplesPerSecond } = done
    history.push({ epoch, loss, learningRate, seconds, triplesPerSecond })
    const isDue = validates && epoch % config.evaluateEvery === 0
    if (isDue && (yield* oneValidation(epoch, run)) === 'aborted') return 'aborted'
    if (rate.current !== learningRate) await fit.setLearningRate(rate.current)
    const isLast = epoch === config.epochs || best.exhausted
    if (isLast || performance.now() - savedAt >= 1000 * (options.checkpoints?.everySeconds ?? 30)) {
      yield* checkpoint(epoch, run)
      savedAt = performance.now()
    }
    if (isLast && validates && !isDue && (yield* oneValidation(epoch, run)) === 'aborted') return 'aborted'
  }
  // A finished run that is resumed with nothing left to do still validates what its checkpoint did not.
  const last = history.at(-1)
  if (validates && last !== undefined && last.epoch === run.resumedFrom && last.validation === undefined) {
    if ((yield* oneValidation(last.epoch, run)) === 'aborted') return 'aborted'
  }
  return best.exhausted && history.length < config.epochs ? 'patience' : 'epochs'
}

async function* oneEpoch(
  epoch: number,
  { fit, config, chunks, rate, options }: Run,
): AsyncGenerator<ProgressEvent, EpochEvent | 'aborted', void> {
  const { stepsPerEpoch } = fit
  const learningRate = rate.current
  let lossSum = 0
  let triples = 0
  let seconds = 0
  for (let step = 0; step < stepsPerEpoch;) {
    if (options.signal?.aborted) return 'aborted'
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
  const loss = lossSum / triples
  return { type: 'epoch', epoch, loss, learningRate, seconds, triples, triplesPerSecond: triples / seconds }
}

/** Validates, adds the result to the history, and tells schedule and keeper of it. */
async function* oneValidation(epoch: number, run: Run): AsyncGenerator<TrainEvent, 'aborted' | 'done', void> {
  const { config, engine, best, rate, history, options } = run
  const began = performance.now()
  let validation: Validation
  try {
    validation = await validate(epoch, run, engine, options.signal)
  } catch (error) {
    if (error instanceof AbortedError) return 'aborted'
    throw error
  }
  const { metrics, dials, trained } = validation
  const record = history.pop()
  if (record !== undefined) history.push({ ...record, validation: metrics })
  const value = metricValue(metrics, config.watch)
  const isBest = best.offer({ trained, epoch, value, dials }, rate.isFinal)
  rate.validated(value)
  const seconds = (performance.now() - began) / 1000
  yield { type: 'validation', epoch, metrics, dials, watch: config.watch, best: isBest, seconds }
  return 'done'
}

async function* checkpoint(epoch: number, run: Run): AsyncGenerator<CheckpointEvent, void, void> {
  const { fit, rate, best, history, config, dataset, engine, options } = run
  if (options.checkpoints === undefined) return
  const began = performance.now()
  await options.checkpoints.save({
    epoch,
    fit: await fit.read(),
    schedule: rate.state,
    best: best.state,
    history: [...history],
    config,
    dataHash: dataset.hash,
    engine: engine.name,
  })
  yield { type: 'checkpoint', epoch, seconds: (performance.now() - began) / 1000 }
}

async function finished(run: Run, stopped: StopReason): Promise<Model> {
  const { dataset, config, engine, best, history } = run
  const kept = best.best ?? {
    trained: await trainedVectors(history.length, run),
    epoch: history.length,
  }
  const seen = dataset.parts.train
  const { base } = inferenceOf({ config, trained: kept.trained, seen })
  return {
    vectors: base,
    dials: {},
    trained: kept.trained,
    users: dataset.users,
    items: dataset.items,
    seen,
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
