import { join } from 'node:path'
import { AbortedError, DivergedError } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import type { Context } from '../context.ts'
import { describeDevice } from '../engine/openUsableEngine.ts'
import { UsageError } from '../errors.ts'
import { percent } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { versions } from '../run/provenance.ts'
import type { ReproduceSettings } from '../settings/reproduceSettings.ts'
import { datasetsFor, type Artefact } from './artefact.ts'
import { canonicalJson } from './canonicalJson.ts'
import { settingsName } from './cell.ts'
import { cellRequest, recipeOf, type CellRequest, type CellSource } from './cellRequest.ts'
import { DataStore } from './dataStore.ts'
import { withKept } from './earlierResult.ts'
import {
  estimateFromRuns,
  estimateFromSteps,
  guessedEstimate,
  pastRuns,
  type Estimate,
  type PastRun,
} from './estimate.ts'
import { groupName } from './group.ts'
import { keepMix, mixedData } from './mixedData.ts'
import type { Paper, PaperDataset } from './paper.ts'
import { terminalTable } from './plainTable.ts'
import { planFor, type Plan, type PlannedRun } from './plan.ts'
import { PlanProgress } from './planProgress.ts'
import { NOT_A_RESULT, quickData } from './quickData.ts'
import { readResults, resultFileOf, writeResult, type AboutResult, type ResultFile } from './resultFile.ts'
import { TrainedCells } from './trainedCells.ts'
import { trainPlanned } from './trainPlanned.ts'

/** What a reproduction works with. */
export interface ReproductionOptions {
  readonly artefacts: readonly Artefact[]
  readonly settings: ReproduceSettings
  readonly benchmarks: string
  readonly paper: Paper
  readonly engine: Engine
  readonly signal: AbortSignal
  readonly output: Output
  readonly context: Context
  /** As it was typed, without folders. */
  readonly command: string
}

export interface Reproduced {
  readonly results: readonly ResultFile[]
  /** Paths of all files. */
  readonly written: readonly string[]
  /** Trainings that failed, a sentence each. */
  readonly failed: readonly string[]
}

/** Plans, trains and makes artefacts of the paper, one after the other, each as soon as its trainings are there. */
export class Reproduction {
  readonly #options: ReproductionOptions
  readonly #data: DataStore
  readonly #quickData = new Map<PaperDataset, Promise<Dataset>>()

  constructor(options: ReproductionOptions) {
    this.#options = options
    this.#data = new DataStore(({ path, bytesRead, totalBytes }) =>
      options.output.live(`reading ${path} · ${percent(bytesRead / totalBytes)}`),
    )
  }

  /** What there is to train, and for how long. Nothing is trained, but some steps may be timed. */
  async plan(): Promise<Plan> {
    await this.#refuseToReplaceResults()
    const { artefacts, settings, benchmarks, context } = this.#options
    const source: CellSource = {
      benchmarks,
      quick: settings.selection.quick,
      dataRoot: settings.dataRoot,
      mixFolder: ({ dataset }) =>
        join(settings.runs, 'splits', `${dataset}-mix${settings.selection.quick ? '-quick' : ''}`),
    }
    const runs = pastRuns(settings.runs)
    const timed = new Map<string, Promise<Estimate>>()
    return planFor(artefacts, settings.selection, {
      cache: settings.runs,
      request: async (cell) => {
        if (cell.split === 'mix' && (source.quick || recipeOf(cell, benchmarks) !== undefined)) {
          await keepMix(source.mixFolder(cell), () => this.#loadData(cell.dataset, undefined))
        }
        return cellRequest(cell, source, context)
      },
      load: ({ request }) => this.#data.load(request.source),
      estimate: (asked, dataset) => this.#estimate(asked, dataset, runs, timed),
    })
  }

  async #estimate(
    { request }: CellRequest,
    dataset: Dataset,
    runs: readonly PastRun[],
    timed: Map<string, Promise<Estimate>>,
  ): Promise<Estimate> {
    const { engine, signal, output, settings } = this.#options
    const { config } = request.chosen
    if (signal.aborted) throw new AbortedError('planning')
    const guess = guessedEstimate(config, dataset.parts.train.columns.length)
    if (settings.selection.quick) return guess
    const past = estimateFromRuns(config, dataset.hash, `${engine.name} ${engine.device.name}`, runs)
    if (past !== undefined) return past
    const key = canonicalJson({ ...config, seed: 0, epochs: 0, data: dataset.hash })
    output.live(`timing steps of ${dataset.name} ${config.backbone.kind} ${config.method.kind}`)
    // Training will say what is wrong with a configuration that cannot be trained.
    const timing = timed.get(key) ?? estimateFromSteps(config, dataset, engine).catch(() => guess)
    timed.set(key, timing)
    return timing
  }

  /** Trains what is left of the plan and makes the artefacts. A training that diverges leaves its cell empty, and the others go on. */
  async make(plan: Plan): Promise<Reproduced> {
    const { artefacts, settings, engine, signal, output, context } = this.#options
    const progress = new PlanProgress(output, () => context.now().getTime(), plan.runs)
    const trained = new TrainedCells(plan, engine, signal)
    const tried = new Set<PlannedRun>()
    const failed = new Map<PlannedRun, string>()
    const results: ResultFile[] = []
    const written: string[] = []
    for (const artefact of artefacts) {
      if (datasetsFor(artefact, settings.selection).length === 0) {
        output.fact('note', `${artefact.name} is of ${artefact.datasets.join(' and ')} alone: nothing is made of it`)
        continue
      }
      for (const run of plan.runs) {
        if (run.left === undefined || tried.has(run) || !run.wantedBy.includes(artefact.name)) continue
        tried.add(run)
        const failure = await this.#train(run, progress)
        if (failure !== undefined) failed.set(run, failure)
      }
      const { made, result } = await this.#makeOne(artefact, plan, trained, failed)
      results.push(result)
      written.push(...(await writeResult(settings.out, result, made.drawings)))
      output.clear()
      if (!settings.json) this.#show(result)
    }
    const report = await this.#report()
    written.push(report)
    if (!settings.json) output.log(`results are in ${settings.out}, all together in ${report}`)
    return {
      results,
      written,
      failed: [...failed].map(([{ cell }, why]) => `${settingsName(cell)} seed ${cell.seed}: ${why}`),
    }
  }

  /** A quick look never takes the place of a result. */
  async #refuseToReplaceResults(): Promise<void> {
    const { artefacts, settings } = this.#options
    if (!settings.selection.quick) return
    const results = await readResults(settings.out)
    const [lost] = artefacts.filter(({ name }) => results.get(name)?.quick === false)
    if (lost === undefined) return
    throw new UsageError(
      `${join(settings.out, `${lost.name}.json`)} is a result and would be replaced by a quick look; choose another folder with --out`,
    )
  }

  /** All that the folder has, as one page. */
  async #report(): Promise<string> {
    const { settings, paper } = this.#options
    // Loaded on use: drawing takes long to load, and other commands draw nothing.
    const { writeReport } = await import('./writeReport.ts')
    return writeReport(settings.out, paper)
  }

  /** @returns why it failed, where it did */
  async #train(run: PlannedRun, progress: PlanProgress): Promise<string | undefined> {
    const { engine, signal, output, context } = this.#options
    if (signal.aborted) throw new AbortedError('the plan')
    progress.start(run)
    try {
      await trainPlanned(run, {
        engine,
        signal,
        now: () => context.now(),
        onEvent: (event) => progress.show(run, event),
        onStep: (what) => output.live(`${settingsName(run.cell)} · ${what}`),
      })
    } catch (error) {
      output.clear()
      if (!(error instanceof DivergedError)) throw error
      output.fact('failed', `${settingsName(run.cell)}: ${error.message}`)
      return error.message
    }
    progress.finish(run)
    return undefined
  }

  async #makeOne(
    artefact: Artefact,
    plan: Plan,
    trained: TrainedCells,
    failed: ReadonlyMap<PlannedRun, string>,
  ): Promise<{ readonly made: Awaited<ReturnType<Artefact['make']>>; readonly result: ResultFile }> {
    const { settings, benchmarks, paper, signal, output } = this.#options
    const datasets = datasetsFor(artefact, settings.selection)
    const found = (await readResults(settings.out)).get(artefact.name)
    // A quick look is laid out beside quick looks alone.
    const earlier = found?.quick === settings.selection.quick ? found : undefined
    const made = await artefact.make({
      selection: settings.selection,
      datasets,
      paper,
      trained,
      earlier,
      loadData: (name, protocol) => this.#loadData(name, protocol),
      loadMixes: async (name) => mixedData(await this.#loadData(name, undefined), paper.intervenedShares.values),
      benchResults: [join(benchmarks, 'results'), join('runs', 'bench')],
      signal,
      onStep: (what) => output.live(`${artefact.name} · ${what}`),
    })
    const missing = [
      ...plan.missing.filter(({ wantedBy }) => wantedBy.includes(artefact.name)),
      ...[...failed]
        .filter(([{ wantedBy }]) => wantedBy.includes(artefact.name))
        .map(([{ cell }, why]) => ({ cell, why })),
    ]
    const asked = datasets.flatMap((dataset) =>
      settings.selection.backbones.map((backbone) => groupName({ dataset, backbone })),
    )
    const result = resultFileOf(artefact, made, await this.#about(missing))
    return { made, result: withKept(result, earlier, { ...made, asked }) }
  }

  async #about(missing: readonly Pick<Plan['missing'][number], 'cell' | 'why'>[]): Promise<AboutResult> {
    const { settings, engine, context, command } = this.#options
    const { commit, gradrec } = await versions()
    const cells = new Map(missing.map(({ cell, why }) => [settingsName(cell), why]))
    return {
      quick: settings.selection.quick,
      madeAt: context.now().toISOString(),
      command,
      commit: commit ?? `gradrec ${gradrec}`,
      seeds: [...settings.selection.seeds],
      engine: describeDevice(engine.name, engine.device),
      missing: [...cells].map(([cell, why]) => ({ cell, why })),
    }
  }

  #loadData(name: PaperDataset, protocol: string | undefined): Promise<Dataset> {
    const { settings, context } = this.#options
    if (settings.selection.quick) {
      const loading = this.#quickData.get(name) ?? quickData(name)
      this.#quickData.set(name, loading)
      return loading
    }
    const root = settings.dataRoot ?? context.environment['GRADREC_DATA'] ?? 'data'
    return this.#data.load({ kind: 'catalogue', name, root, ...(protocol !== undefined && { protocol }) })
  }

  #show({ title, quick, tables, comparison, drawings }: ResultFile): void {
    const { output, settings } = this.#options
    output.result(
      [
        `${title}${quick ? ` (${NOT_A_RESULT})` : ''}`,
        ...tables.map(terminalTable),
        `beside the paper: ${comparison}`,
        ...(drawings.length > 0 ? [`drawn in ${drawings.map((name) => join(settings.out, name)).join(', ')}`] : []),
        '',
      ].join('\n\n'),
    )
  }
}
