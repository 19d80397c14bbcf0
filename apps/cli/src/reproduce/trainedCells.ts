import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  evaluate,
  popularityGroups,
  withDials,
  type Dials,
  type Evaluation,
  type Model,
  type PopularityGroup,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { DeviceInfo, Engine } from '@gradrec/engine'
import { loadModel } from '@gradrec/model-files/node'
import { describeDevice } from '../engine/openUsableEngine.ts'
import type { Versions } from '../run/provenance.ts'
import type { Metrics, Results } from '../run/results.ts'
import { RUN_FILES } from '../run/runFolder.ts'
import { runStateOf } from './cachedRun.ts'
import { cellName, type Cell } from './cell.ts'
import { PAPER_METRICS } from './paper.ts'
import type { Plan, PlannedRun } from './plan.ts'

/** Lists are as long as the paper's. */
export const LIST_LENGTH = 20
const METRICS = [...PAPER_METRICS, 'arp@20', 'itemCoverage@20'] as const

/** A model on the test part. */
export interface EvaluatedCell {
  /** Without its lists. */
  readonly evaluation: Evaluation
  /** The five groups of Figs. 5 and 6, most popular first. */
  readonly groups: readonly PopularityGroup[]
  readonly dials: Dials
  readonly epoch: number
}

/** Where a number comes from: enough to train it again. */
export interface CellFacts {
  readonly cell: string
  readonly seed: number
  /** Below `benchmarks/`. */
  readonly recipe: string | null
  readonly command: string
  readonly key: string
  readonly dataset: string
  readonly dataHash: string
  readonly protocol: string
  readonly epoch: number
  readonly dials: Dials
  readonly engine: string
  readonly device: string
  readonly commit: string
  readonly trainedAt: string
}

/** The runs of a plan, read and evaluated as artefacts ask for them; every evaluation is made once. */
export class TrainedCells {
  readonly #plan: Plan
  readonly #engine: Engine
  readonly #signal: AbortSignal
  readonly #evaluations = new Map<string, Promise<EvaluatedCell>>()

  constructor(plan: Plan, engine: Engine, signal: AbortSignal) {
    this.#plan = plan
    this.#engine = engine
    this.#signal = signal
  }

  /** Whether a cell has been trained; not where it has no recipe. */
  has(cell: Cell): boolean {
    const run = this.#plan.byCell.get(cellName(cell))
    return run !== undefined && runStateOf(run.folder).kind === 'finished'
  }

  dataset(cell: Cell): Dataset {
    return this.#run(cell).dataset
  }

  get engine(): Engine {
    return this.#engine
  }

  /** At the dials of its recipe, else at those that its training found on validation. */
  async model(cell: Cell): Promise<Model> {
    const { folder, asked } = this.#run(cell)
    const model = await loadModel(join(folder, RUN_FILES.model))
    const { dials } = asked.request
    return dials === undefined ? model : withDials(model, dials)
  }

  /**
   * Measures a cell on the test part by the paper's metrics.
   *
   * @param options `turned`: dials that stand elsewhere than the model's own; `dataset`: another test part for the same users and items
   */
  evaluated(cell: Cell, options: { readonly turned?: Dials; readonly dataset?: Dataset } = {}): Promise<EvaluatedCell> {
    const { turned = {}, dataset = this.dataset(cell) } = options
    const key = `${this.#run(cell).key} ${JSON.stringify(turned)} ${dataset.hash}`
    const known = this.#evaluations.get(key) ?? this.#evaluate(cell, turned, dataset)
    this.#evaluations.set(key, known)
    return known
  }

  async #evaluate(cell: Cell, turned: Dials, dataset: Dataset): Promise<EvaluatedCell> {
    const own = await this.model(cell)
    const model = Object.keys(turned).length === 0 ? own : withDials(own, { ...own.dials, ...turned })
    const { averageOver, maskValidation } = model.config
    const { lists, ...evaluation } = await evaluate(model.vectors, dataset, 'test', this.#engine, {
      metrics: METRICS,
      averageOver,
      maskValidation,
      keepLists: true,
      signal: this.#signal,
    })
    return { evaluation, groups: popularityGroups(lists, LIST_LENGTH), dials: model.dials, epoch: model.epoch }
  }

  /** What recommenders without training come to on the test part of a cell's data, by name. */
  async baselines(cell: Cell): Promise<Readonly<Record<string, Metrics>>> {
    const text = await readFile(join(this.#run(cell).folder, RUN_FILES.metrics), 'utf8')
    const { parts, k } = JSON.parse(text) as Results
    const found: Partial<Results['parts'][number]> = parts.find(({ part }) => part === 'test') ?? {}
    if (k !== LIST_LENGTH) return {}
    // Runs of older versions know fewer.
    const { mostPopular, itemKnn } = found
    return { ...(itemKnn && { 'item-knn': itemKnn }), ...(mostPopular && { 'most-popular': mostPopular }) }
  }

  /** Where its numbers come from. */
  async facts(cell: Cell): Promise<CellFacts> {
    const { key, folder, asked, dataset } = this.#run(cell)
    const about = JSON.parse(await readFile(join(folder, RUN_FILES.config), 'utf8')) as {
      readonly engine: string
      readonly device: DeviceInfo
      readonly versions: Versions
      readonly started: string
    }
    const { epoch, dials } = await this.model(cell)
    return {
      cell: cellName(cell),
      seed: cell.seed,
      recipe: asked.recipe ?? null,
      command: asked.command,
      key,
      dataset: dataset.name,
      dataHash: dataset.hash,
      protocol: dataset.protocol,
      epoch,
      dials,
      engine: about.engine,
      device: describeDevice(about.engine, about.device),
      commit: about.versions.commit ?? `gradrec ${about.versions.gradrec}`,
      trainedAt: about.started,
    }
  }

  #run(cell: Cell): PlannedRun {
    const run = this.#plan.byCell.get(cellName(cell))
    if (run === undefined) throw new Error(`${cellName(cell)} is not in the plan; ask has() before`)
    return run
  }
}
