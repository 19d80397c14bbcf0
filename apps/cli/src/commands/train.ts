import { basename } from 'node:path'
import { train as trainModel, type Checkpoint, type Model, type StopReason, type TrainConfig } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { GradrecError, type Engine } from '@gradrec/engine'
import type { Context } from '../context.ts'
import { loadDataset } from '../data/loadDataset.ts'
import { describeDevice, openUsableEngine } from '../engine/openUsableEngine.ts'
import { ExitCode } from '../exitCode.ts'
import { commandOutput } from '../output/commandOutput.ts'
import { datasetFacts, describeDataset } from '../output/datasetFacts.ts'
import { describeChoice } from '../output/describeDials.ts'
import { describeConfig } from '../output/describeModel.ts'
import { count, duration, percent } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { resultTable } from '../output/resultTable.ts'
import { TrainDisplay } from '../output/trainDisplay.ts'
import { chooseDials, type ChosenDials } from '../run/chooseDials.ts'
import { versions } from '../run/provenance.ts'
import { resumedRun, whyFinished } from '../run/resumedRun.ts'
import { resultsOf, type Results } from '../run/results.ts'
import { RunFolder } from '../run/runFolder.ts'
import { defaultRunName } from '../run/runName.ts'
import { trainRequestOf, type TrainRequest } from '../run/trainRequest.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { repeatableSettings } from '../settings/repeatableSettings.ts'
import { settingsOf, type ChosenConfig } from '../settings/trainConfigOf.ts'
import { trainArgs } from '../settings/trainFlags.ts'

/** What a run is about, once its data and engine are there. */
interface Run {
  readonly request: TrainRequest
  readonly dataset: Dataset
  readonly engine: Engine
  readonly folder: RunFolder
  readonly output: Output
  readonly context: Context
  /** Where the run goes on from; `undefined` for one from the beginning. */
  readonly checkpoint: Checkpoint | undefined
}

/** `gradrec train`. Resolves to the exit code. */
export async function train(argv: readonly string[], context: Context): Promise<number> {
  const request = await trainRequestOf(parseFlags(argv, trainArgs, 'gradrec train'), context)
  const opened = await openUsableEngine(request.engine, context.machine)
  if (opened.kind === 'restarted') return opened.exitCode
  try {
    return await trainOn(opened.engine, request, context)
  } finally {
    await opened.engine.close()
  }
}

async function trainOn(engine: Engine, request: TrainRequest, context: Context): Promise<number> {
  const output = commandOutput(context, request.quiet)
  const { config } = request.chosen
  const resumed = request.resume === undefined ? undefined : await resumedRun(request.resume, config, request.given)
  let folder = resumed?.folder
  try {
    const dataset = await loadDataset(request.source, ({ path, bytesRead, totalBytes }) =>
      output.live(`reading ${path} · ${percent(bytesRead / totalBytes)}`),
    )
    showRun(output, dataset, request.chosen, engine)
    folder ??= await newFolder(request, dataset, context)
    const run: Run = { request, dataset, engine, folder, output, context, checkpoint: resumed?.checkpoint }
    if (resumed === undefined) logRepairs(run)
    else showResumed(run)
    return await trainRun(run, resumed?.started ?? context.now().toISOString())
  } finally {
    await folder?.close()
  }
}

/** @param started when the run first began */
async function trainRun(run: Run, started: string): Promise<number> {
  const { request, dataset, engine, folder, output } = run
  const { config, recipe } = request.chosen
  const provenance = { dataset: datasetFacts(dataset), recipe: recipe.name, engine: engine.name, device: engine.device }
  const about = { ...provenance, versions: await versions(), started }
  const settingsOfRun = (trained: TrainConfig): object => repeatableSettings(request, request.source.kind, trained)
  await folder.writeJson('config', { settings: settingsOfRun(config), ...about })

  const trained = await trainShown(run)
  // A setting that was mended was not trained with: the file that repeats the run says what was.
  const settings = settingsOfRun(trained.model.config)
  await folder.writeJson('config', { settings, ...about })
  const { model, results } = await evaluateShown(run, trained.model)
  await folder.writeJson('metrics', { ...results, stopped: model.stopped, history: model.history })
  const facts = reportFacts(run, model)
  // Loaded on use: drawing takes long to load, and most commands draw nothing.
  const { reportPage } = await import('../output/reportPage.ts')
  await folder.writeReport(reportPage({ name: basename(folder.path), model, results, facts, settings }))

  if (request.json) output.result(JSON.stringify(jsonResult(folder, about, model, results), undefined, 2))
  else output.result(`${resultTable(results, config)}\nresults are in ${folder.path}`)
  if (model.stopped !== 'aborted') return ExitCode.ok
  const from =
    trained.savedEpoch === 0 ? 'begins again: no checkpoint was due yet' : `goes on after epoch ${trained.savedEpoch}`
  output.fact('go on', `gradrec train --resume ${folder.path} (${from})`)
  return ExitCode.interrupted
}

function showRun(output: Output, dataset: Dataset, { recipe, config }: ChosenConfig, engine: Engine): void {
  const [facts, ...more] = describeDataset(datasetFacts(dataset))
  output.fact('data', facts ?? dataset.name)
  for (const line of more) output.fact('', line)
  for (const repair of dataset.repairs) output.fact('repaired', repair.message)
  output.fact('model', `${describeConfig(config)} (recipe ${recipe.name})`)
  output.fact('engine', describeDevice(engine.name, engine.device))
}

async function newFolder({ settings, chosen }: TrainRequest, dataset: Dataset, context: Context): Promise<RunFolder> {
  const name = settings.name ?? defaultRunName(dataset.name, chosen.config.backbone.kind, context.now())
  return RunFolder.create(settings.runs ?? 'runs', name)
}

function logRepairs({ dataset, folder, context }: Run): void {
  for (const repair of dataset.repairs) folder.logEvent({ type: 'repair', ...repair }, context.now())
}

/** Says from where a run goes on, in `events.jsonl` too. */
function showResumed({ request, checkpoint, engine, folder, output, context }: Run): void {
  folder.logEvent({ type: 'resume', epoch: checkpoint?.epoch ?? 0, engine: engine.name }, context.now())
  if (checkpoint === undefined) {
    output.fact('resuming', 'from the beginning: the run was stopped before its first checkpoint')
    return
  }
  const why = whyFinished(checkpoint, request.chosen.config)
  if (why !== undefined) {
    output.fact('finished', `${why}: it is only evaluated again`)
    return
  }
  output.fact('resuming', `after epoch ${count(checkpoint.epoch)}`)
  if (checkpoint.engine === engine.name) return
  const text = `trained on ${checkpoint.engine} so far, and goes on on ${engine.name}: not bit for bit what either gives alone`
  output.fact('note', text)
}

interface TrainedRun {
  readonly model: Model
  /** Whole epochs in the latest checkpoint; 0 without one. */
  readonly savedEpoch: number
}

/** Trains, shows and logs every event, and stops at the first Ctrl-C; the second one ends the process. */
async function trainShown({ request, dataset, engine, folder, output, context, checkpoint }: Run): Promise<TrainedRun> {
  const { config } = request.chosen
  const isFinished = checkpoint !== undefined && whyFinished(checkpoint, config) !== undefined
  const display = new TrainDisplay(output, () => context.now().getTime())
  const controller = new AbortController()
  const release = context.onInterrupt(() => {
    if (controller.signal.aborted) {
      output.clear()
      context.quit(ExitCode.interrupted)
      return
    }
    controller.abort()
    output.log(
      'stopping: the best model so far is evaluated and written; Ctrl-C again quits at once, ' +
        `and gradrec train --resume ${folder.path} goes on`,
    )
  })
  let savedEpoch = checkpoint?.epoch ?? 0
  try {
    const training = trainModel(dataset, config, engine, {
      signal: controller.signal,
      ...(checkpoint && { resume: checkpoint }),
      checkpoints: {
        save: (saved) => folder.writeCheckpoint(saved),
        everySeconds: request.settings.checkpointEvery ?? 30,
      },
    })
    for (;;) {
      const next = await training.next()
      if (next.done) return { model: next.value, savedEpoch }
      folder.logEvent(next.value, context.now())
      if (next.value.type === 'checkpoint') savedEpoch = next.value.epoch
      if (!isFinished) display.show(next.value)
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

/** Writes the model, finds its dials, writes it with them, and evaluates. From here on the first Ctrl-C quits. */
async function evaluateShown(run: Run, trained: Model): Promise<{ readonly model: Model; readonly results: Results }> {
  const { request, dataset, engine, folder, output, context } = run
  await folder.writeModel(trained)
  const release = context.onInterrupt(() => {
    output.log(`quit before all was evaluated; gradrec train --resume ${folder.path} evaluates again`)
    context.quit(ExitCode.interrupted)
  })
  try {
    const chosen = await chooseDials(trained, request.dials, dataset, engine, (share) => {
      if (share < 1) output.live(`tuning the dials · ${percent(share)}`)
    })
    showDials(output, chosen)
    await folder.writeModel(chosen.model)
    const { model, choice } = chosen
    return { model, results: await resultsOf(model, choice, dataset, engine, (what) => output.live(what)) }
  } finally {
    release()
  }
}

function showDials(output: Output, { model, choice, warnings }: ChosenDials): void {
  if (choice.kind === 'tuned') {
    const { settings, seconds } = choice.tuned
    output.fact('tuned', `${count(settings.length)} settings of the dials in ${duration(seconds)}`)
  }
  const dials = describeChoice(model, choice)
  if (dials !== undefined) output.fact('dials', dials)
  for (const warning of warnings) output.fact('note', warning)
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  epochs: '',
  patience: ', until validation got no better',
  aborted: ', stopped on request',
}

function reportFacts({ dataset, engine, request }: Run, model: Model): [name: string, value: string][] {
  const [data = dataset.name, protocol] = describeDataset(datasetFacts(dataset))
  return [
    ['data', data],
    ...(protocol === undefined ? [] : [['protocol', protocol] satisfies [string, string]]),
    ['model', `${describeConfig(model.config)} (recipe ${request.chosen.recipe.name})`],
    ['engine', describeDevice(engine.name, engine.device)],
    [
      'training',
      `${count(model.history.length)} epochs${STOPPED[model.stopped]}; the model is that of epoch ${count(model.epoch)}`,
    ],
  ]
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
