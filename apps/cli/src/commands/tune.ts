import {
  evaluate,
  inferenceOf,
  metricLabel,
  metricValue,
  tune as tuneModel,
  type Dials,
  type Tuned,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { saveModel } from '@gradrec/model-files/node'
import type { Context } from '../context.ts'
import { datasetOfRun, dataSourceOfRun } from '../data/datasetOfRun.ts'
import { describeDevice } from '../engine/openUsableEngine.ts'
import { withEngine } from '../engine/withEngine.ts'
import { commandOutput, wantsColour } from '../output/commandOutput.ts'
import { describeDials, describeDialsOf, dialLabel } from '../output/describeDials.ts'
import { describeModel } from '../output/describeModel.ts'
import { dialTable } from '../output/dialTable.ts'
import { duration, percent } from '../output/formatNumbers.ts'
import { PART_LABELS } from '../output/partLabels.ts'
import { modelOfRun, modelRunOf } from '../run/modelRun.ts'
import { versions } from '../run/provenance.ts'
import { writeResult } from '../run/runResults.ts'
import { engineSettingsOf } from '../settings/modelArgs.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { tuneArgs, tuneSettingsOf } from '../settings/tuneSettings.ts'

/** A search of the grid, and what it is held against. */
interface Search {
  readonly tuned: Tuned
  /** The tuned metric with all dials off. */
  readonly off: number
  /** Of one evaluation with the same metrics. */
  readonly secondsOfOne: number
}

const NO_GAIN =
  'no setting is better than none: a validation part drawn like the training part rewards popularity; ' +
  'gradrec split --preset intervened makes one that does not'

/** `gradrec tune`. Resolves to the exit code. */
export async function tune(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, tuneArgs, 'gradrec tune')
  const settings = tuneSettingsOf(flags)
  const run = modelRunOf(flags.get('run'), 'gradrec tune')
  const source = await dataSourceOfRun(run, flags, context.environment)
  const output = commandOutput(context, flags.get('quiet') === true)
  return withEngine(engineSettingsOf(flags), context, output, async (engine, signal) => {
    const model = await modelOfRun(run)
    output.fact('model', describeModel(model))
    output.fact('dials', describeDialsOf(model))
    const dataset = await datasetOfRun(source, model, output)
    output.fact('engine', describeDevice(engine.name, engine.device))
    const { grid, metric, dryRun } = settings
    const tuned = await tuneModel(model, dataset, engine, {
      ...(grid !== undefined && { grid }),
      ...(metric !== undefined && { metric }),
      signal,
      onProgress: (share) => output.live(`tuning · ${percent(Math.floor(share * 100) / 100)} of the users`),
    })
    output.clear()
    const search = { tuned, ...(await oneEvaluation(tuned, dataset, engine, signal)) }
    for (const warning of tuned.warnings) output.fact('note', warning)
    if (metricValue(tuned.best.metrics, tuned.metric) <= search.off) output.fact('note', NO_GAIN)
    const about = {
      run: run.name,
      engine: engine.name,
      device: engine.device,
      versions: await versions(),
      written: context.now().toISOString(),
    }
    const result = resultOf(search, model.dials, !dryRun)
    const written: string[] = []
    if (!dryRun) {
      written.push(await writeResult(run, 'tuning', { ...result, ...about }))
      const surface = await surfaceOf(tuned)
      if (surface !== undefined) written.push(await writeResult(run, 'surface', surface))
      // Last, so that a failure before it leaves the model as it was.
      await saveModel(run.modelPath, tuned.model)
    }
    if (flags.get('json') === true) output.result(JSON.stringify({ ...result, ...about }, undefined, 2))
    else output.result(describeSearch(search, wantsColour(context, context.stdout)))
    if (dryRun) output.log('nothing was written, and the model’s dials are as they were (--dry-run)')
    else output.log(`the model now has these dials: ${run.modelPath}; all settings are in ${written.join(' and ')}`)
  })
}

/** The metric with all dials off, and how long it takes to evaluate one setting alone. */
async function oneEvaluation(
  { model, part, settings, metric }: Tuned,
  dataset: Dataset,
  engine: Engine,
  signal: AbortSignal,
): Promise<Omit<Search, 'tuned'>> {
  const { averageOver, maskValidation } = model.config
  const metrics = Object.keys(settings[0]?.metrics ?? {}) as (typeof metric)[]
  const began = performance.now()
  const evaluation = await evaluate(inferenceOf(model).base, dataset, part, engine, {
    metrics,
    averageOver,
    maskValidation,
    signal,
  })
  return { off: metricValue(evaluation.metrics, metric), secondsOfOne: (performance.now() - began) / 1000 }
}

function describeSearch({ tuned, off, secondsOfOne }: Search, colour: boolean): string {
  const { metric, part, best, settings, seconds } = tuned
  const label = metricLabel(metric)
  const value = metricValue(best.metrics, metric)
  const gain = value - off
  const share = off > 0 ? ` (${gain < 0 ? '−' : '+'}${percent(Math.abs(gain) / off)})` : ''
  const none = `${Object.keys(tuned.grids).map(dialLabel).join(' = ')} = 0`
  const change =
    gain === 0
      ? `no setting is better than ${none}`
      : `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(4)}${share} over ${none}, which has ${off.toFixed(4)}`
  return [
    `${label} on ${PART_LABELS[part]}`,
    '',
    dialTable(tuned, colour),
    '',
    `best: ${describeDials(best.dials)}: ${label} ${value.toFixed(4)}, ${change}`,
    `${settings.length} settings in ${shortTime(seconds)}; one evaluation takes ${shortTime(secondsOfOne)}`,
  ].join('\n')
}

function shortTime(seconds: number): string {
  return seconds < 1 ? `${Math.max(1, Math.round(1000 * seconds))} ms` : duration(seconds)
}

function resultOf({ tuned, off, secondsOfOne }: Search, before: Dials, stored: boolean): object {
  const { metric, part, grids, best, settings, seconds, warnings } = tuned
  return {
    metric,
    part,
    grids,
    best,
    off,
    gain: metricValue(best.metrics, metric) - off,
    before,
    stored,
    seconds,
    secondsOfOneEvaluation: secondsOfOne,
    warnings,
    settings,
  }
}

async function surfaceOf(tuned: Tuned): Promise<string | undefined> {
  // Loaded on use: drawing takes long to load, and most commands draw nothing.
  const { dialSurface } = await import('../output/dialSurface.ts')
  return dialSurface(tuned.model, tuned)
}
