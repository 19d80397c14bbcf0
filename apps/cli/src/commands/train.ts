import type { Model } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
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
import type { ChosenDials } from '../run/chooseDials.ts'
import { evaluateInFolder, type EvaluatedRun } from '../run/evaluateInFolder.ts'
import { resumedRun, whyFinished } from '../run/resumedRun.ts'
import type { Results } from '../run/results.ts'
import { RunFolder } from '../run/runFolder.ts'
import { defaultRunName } from '../run/runName.ts'
import { aboutRun, trainInFolder, type FolderRun, type TrainedRun } from '../run/trainInFolder.ts'
import { trainRequestOf, type TrainRequest } from '../run/trainRequest.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { settingsOf, type ChosenConfig } from '../settings/trainConfigOf.ts'
import { trainArgs } from '../settings/trainFlags.ts'

/** A run, and whom it is shown to. */
interface Run extends FolderRun {
  readonly output: Output
  readonly context: Context
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
    const about = await aboutRun(request, dataset, engine, resumed?.started ?? context.now().toISOString())
    const from = { isResumed: resumed !== undefined, checkpoint: resumed?.checkpoint }
    const run: Run = { request, dataset, engine, folder, ...from, about, now: () => context.now(), output, context }
    if (run.isResumed) showResumed(run)
    return await trainRun(run, request)
  } finally {
    await folder?.close()
  }
}

async function trainRun(run: Run, request: TrainRequest): Promise<number> {
  const { folder, output, about } = run
  const trained = await trainShown(run)
  const { model, results } = await evaluateShown(run, trained.model)
  if (request.json) output.result(JSON.stringify(jsonResult(folder, about, model, results), undefined, 2))
  else output.result(`${resultTable(results, request.chosen.config)}\nresults are in ${folder.path}`)
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

/** Says from where a run goes on. */
function showResumed({ request, checkpoint, engine, output }: Run): void {
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

/** Trains, shows every event, and stops at the first Ctrl-C; the second one ends the process. */
async function trainShown(run: Run): Promise<TrainedRun> {
  const { request, folder, output, context, checkpoint } = run
  const isFinished = checkpoint !== undefined && whyFinished(checkpoint, request.chosen.config) !== undefined
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
  try {
    return await trainInFolder(run, {
      signal: controller.signal,
      onEvent: (event) => {
        if (!isFinished) display.show(event)
      },
    })
  } catch (error) {
    output.clear()
    throw error
  } finally {
    release()
  }
}

/** Finds the dials and evaluates. From here on the first Ctrl-C quits. */
async function evaluateShown(run: Run, trained: Model): Promise<EvaluatedRun> {
  const { folder, output, context } = run
  const release = context.onInterrupt(() => {
    output.log(`quit before all was evaluated; gradrec train --resume ${folder.path} evaluates again`)
    context.quit(ExitCode.interrupted)
  })
  try {
    return await evaluateInFolder(run, trained, {
      onTuning: (share) => {
        if (share < 1) output.live(`tuning the dials · ${percent(share)}`)
      },
      onDials: (chosen) => showDials(output, chosen),
      onEvaluating: (what) => output.live(what),
    })
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
