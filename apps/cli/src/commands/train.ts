import { train as trainModel, type Model } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { GradrecError, type Engine } from '@gradrec/engine'
import type { Context } from '../context.ts'
import { dataSourceOf, type DataSource } from '../data/dataSource.ts'
import { loadDataset } from '../data/loadDataset.ts'
import { describeDevice, openUsableEngine } from '../engine/openUsableEngine.ts'
import { UsageError } from '../errors.ts'
import { ExitCode } from '../exitCode.ts'
import { datasetFacts, describeDataset } from '../output/datasetFacts.ts'
import { count, percent } from '../output/formatNumbers.ts'
import { Output } from '../output/output.ts'
import { resultTable } from '../output/resultTable.ts'
import { TrainDisplay } from '../output/trainDisplay.ts'
import { versions } from '../run/provenance.ts'
import { resultsOf, type Results } from '../run/results.ts'
import { RunFolder } from '../run/runFolder.ts'
import { defaultRunName, isRunName } from '../run/runName.ts'
import { readConfigFile } from '../settings/configFile.ts'
import { parseFlags, type Flags } from '../settings/parseFlags.ts'
import { resolveSettings } from '../settings/resolveSettings.ts'
import { settingsOf, trainConfigOf, type ChosenConfig } from '../settings/trainConfigOf.ts'
import { settingsAmong, trainArgs } from '../settings/trainFlags.ts'
import type { TrainSettings } from '../settings/trainSettings.ts'

/** A run as it was asked for, checked as far as that goes without data and device. */
interface Request {
  readonly settings: TrainSettings
  readonly source: DataSource
  readonly chosen: ChosenConfig
  readonly json: boolean
  readonly quiet: boolean
}

/** `gradrec train`. Resolves to the exit code. */
export async function train(argv: readonly string[], context: Context): Promise<number> {
  const request = await requestOf(parseFlags(argv, trainArgs, 'gradrec train'), context)
  const { engine: kind = 'auto', adapter, threads } = request.settings
  const asked = { kind, ...(adapter !== undefined && { adapter }), ...(threads !== undefined && { threads }) }
  const opened = await openUsableEngine(asked, context.machine)
  if (opened.kind === 'restarted') return opened.exitCode
  try {
    return await trainOn(opened.engine, request, context)
  } finally {
    await opened.engine.close()
  }
}

async function requestOf(flags: Flags, context: Context): Promise<Request> {
  const path = flags.get('config')
  const file = typeof path === 'string' ? await readConfigFile(path) : new Map()
  const resolved = resolveSettings(settingsAmong(flags), file)
  const { settings, given } = resolved
  if (settings.name !== undefined && !isRunName(settings.name)) {
    const where = given.get('name')?.where ?? 'name'
    throw new UsageError(
      `${where} is "${settings.name}"; expected a folder’s name of letters, digits, spaces and . _ @ + -`,
    )
  }
  const source = dataSourceOf(resolved, context.environment)
  // A file that happens to be called like a data set of the catalogue is not that data set.
  const chosen = trainConfigOf(resolved, source.kind === 'catalogue' ? source.name : source.kind)
  return { settings, source, chosen, json: flags.get('json') === true, quiet: flags.get('quiet') === true }
}

async function trainOn(engine: Engine, request: Request, context: Context): Promise<number> {
  const now = (): number => context.now().getTime()
  const { isTTY = false } = context.stderr
  const colour = isTTY && (context.environment['NO_COLOR'] ?? '') === '' && context.environment['TERM'] !== 'dumb'
  const output = new Output(context.stdout, context.stderr, { quiet: request.quiet, colour, now })
  const dataset = await loadDataset(request.source, ({ path, bytesRead, totalBytes }) =>
    output.live(`reading ${path} · ${percent(bytesRead / totalBytes)}`),
  )
  showRun(output, dataset, request.chosen, engine)
  const { config } = request.chosen
  const name = request.settings.name ?? defaultRunName(dataset.name, config.backbone.kind, context.now())
  const folder = await RunFolder.create(request.settings.runs ?? 'runs', name)
  const { device } = engine
  const provenance = { dataset: datasetFacts(dataset), recipe: request.chosen.recipe.name, engine: engine.name, device }
  const about = { ...provenance, versions: await versions(), started: context.now().toISOString() }
  const settings = { dataset: 'simulated', ...request.settings, ...settingsOf(config) }
  await folder.writeJson('config.json', { settings, ...about })
  for (const repair of dataset.repairs) folder.logEvent({ type: 'repair', ...repair }, context.now())

  const model = await trainShown(dataset, request, engine, context, { output, folder })
  // A setting that was mended was not trained with: the file that repeats the run says what was.
  await folder.writeJson('config.json', { settings: { ...settings, ...settingsOf(model.config) }, ...about })
  // Before evaluation, so that a second Ctrl-C in the middle of it loses no model.
  await folder.writeEmbeddings(model)
  const results = await resultsOf(model, dataset, engine)
  await folder.writeJson('metrics.json', metricsFile(results, model))
  if (request.json) output.result(JSON.stringify(jsonResult(folder, about, model, results), undefined, 2))
  else output.result(`${resultTable(results, config.backbone.kind)}\nresults are in ${folder.path}`)
  return model.stopped === 'aborted' ? ExitCode.interrupted : ExitCode.ok
}

function showRun(output: Output, dataset: Dataset, { recipe, config }: ChosenConfig, engine: Engine): void {
  const [facts, ...more] = describeDataset(datasetFacts(dataset))
  output.fact('data', facts ?? dataset.name)
  for (const line of more) output.fact('', line)
  for (const repair of dataset.repairs) output.fact('repaired', repair.message)
  const layers = config.backbone.kind === 'lgn' ? ` with ${config.backbone.layers} layers` : ''
  const parameters = (dataset.users.size + dataset.items.size) * config.dimension
  output.fact(
    'model',
    `${config.backbone.kind}${layers}, ${config.dimension} dimensions: ${count(parameters)} parameters (recipe ${recipe.name})`,
  )
  output.fact('engine', describeDevice(engine.name, engine.device))
}

/** Trains, shows and logs every event, and stops at the first Ctrl-C; the second one ends the process. */
async function trainShown(
  dataset: Dataset,
  request: Request,
  engine: Engine,
  context: Context,
  { output, folder }: { readonly output: Output; readonly folder: RunFolder },
): Promise<Model> {
  const display = new TrainDisplay(output, () => context.now().getTime())
  const controller = new AbortController()
  const release = context.onInterrupt(() => {
    if (controller.signal.aborted) {
      output.clear()
      context.quit(ExitCode.interrupted)
      return
    }
    controller.abort()
    output.log('stopping: the best model so far is evaluated and written; Ctrl-C again quits at once')
  })
  try {
    const training = trainModel(dataset, request.chosen.config, engine, { signal: controller.signal })
    for (;;) {
      const next = await training.next()
      if (next.done) return next.value
      folder.logEvent(next.value, context.now())
      display.show(next.value)
    }
  } catch (error) {
    output.clear()
    const code = error instanceof GradrecError ? error.code : 'E_UNEXPECTED'
    folder.logEvent(
      { type: 'error', code, message: error instanceof Error ? error.message : String(error) },
      context.now(),
    )
    throw error
  } finally {
    release()
  }
}

function metricsFile(results: Results, model: Model): object {
  return { ...results, stopped: model.stopped, history: model.history }
}

function jsonResult(folder: RunFolder, about: object, model: Model, results: Results): object {
  return {
    run: folder.path,
    ...about,
    settings: settingsOf(model.config),
    stopped: model.stopped,
    epochs: model.history.length,
    results,
  }
}
