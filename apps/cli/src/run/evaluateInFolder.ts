import { basename } from 'node:path'
import type { Model, StopReason } from '@gradrec/core'
import { describeDevice } from '../engine/openUsableEngine.ts'
import { describeDataset } from '../output/datasetFacts.ts'
import { describeConfig } from '../output/describeModel.ts'
import { count } from '../output/formatNumbers.ts'
import { chooseDials, type ChosenDials } from './chooseDials.ts'
import { resultsOf, type Results } from './results.ts'
import { settingsOfRun, type FolderRun } from './trainInFolder.ts'

export interface EvaluatedRun {
  /** At its dials. */
  readonly model: Model
  readonly results: Results
}

/**
 * What comes after training in a folder: writes the model, finds its dials, writes it with them, evaluates it, and writes
 * `metrics.json` and `report.html`. A run whose `metrics.json` is there is done.
 *
 * @param watch hears of the share of the grid that is done, of the dials that were chosen, and of what is being evaluated
 */
export async function evaluateInFolder(
  run: FolderRun,
  trained: Model,
  watch: {
    readonly onTuning: (share: number) => void
    readonly onDials: (chosen: ChosenDials) => void
    readonly onEvaluating: (what: string) => void
  },
): Promise<EvaluatedRun> {
  const { request, dataset, engine, folder } = run
  await folder.writeModel(trained)
  const chosen = await chooseDials(trained, request.dials, dataset, engine, watch.onTuning)
  watch.onDials(chosen)
  const { model, choice } = chosen
  await folder.writeModel(model)
  const results = await resultsOf(model, choice, dataset, engine, watch.onEvaluating)
  await folder.writeJson('metrics', { ...results, stopped: model.stopped, history: model.history })
  const [settings, facts] = [settingsOfRun(run, model.config), reportFacts(run, model)]
  // Loaded on use: drawing takes long to load, and most commands draw nothing.
  const { reportPage } = await import('../output/reportPage.ts')
  await folder.writeReport(reportPage({ name: basename(folder.path), model, results, facts, settings }))
  return { model, results }
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  epochs: '',
  patience: ', until validation got no better',
  aborted: ', stopped on request',
}

function reportFacts({ about, engine, request }: FolderRun, model: Model): [name: string, value: string][] {
  const [data = about.dataset.name, protocol] = describeDataset(about.dataset)
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
