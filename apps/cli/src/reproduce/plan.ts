import { join } from 'node:path'
import type { Dataset } from '@gradrec/data'
import { datasetsFor, type Artefact } from './artefact.ts'
import { runStateOf, type RunState } from './cachedRun.ts'
import { cellName, type Cell } from './cell.ts'
import type { CellRequest } from './cellRequest.ts'
import type { Estimate } from './estimate.ts'
import { runKey } from './runKey.ts'
import type { Selection } from './selection.ts'

/** A training that artefacts need, done or not. */
export interface PlannedRun {
  /** The first cell that needs it; others may come to the same configuration. */
  readonly cell: Cell
  readonly key: string
  /** Where it lies, or will. */
  readonly folder: string
  readonly asked: CellRequest
  readonly dataset: Dataset
  readonly state: RunState
  /** Names of the artefacts that need it. */
  readonly wantedBy: readonly string[]
  /** What is left of it; `undefined` where nothing is. */
  readonly left: { readonly epochs: number; readonly estimate: Estimate } | undefined
}

/** A cell that cannot be trained. */
export interface MissingCell {
  readonly cell: Cell
  readonly why: string
  readonly wantedBy: readonly string[]
}

export interface Plan {
  /** In the order in which artefacts need them. */
  readonly runs: readonly PlannedRun[]
  readonly missing: readonly MissingCell[]
  /** The run of each cell, by `cellName`. */
  readonly byCell: ReadonlyMap<string, PlannedRun>
}

/** What planning looks things up with. */
export interface Planner {
  readonly cache: string
  /** The cell's command line, or why there is none. */
  request(cell: Cell): Promise<CellRequest | string>
  load(request: CellRequest): Promise<Dataset>
  estimate(asked: CellRequest, dataset: Dataset): Promise<Estimate>
}

/**
 * Everything that some artefacts need, each training once: what the cache has, what is left to train and how long that takes, and what
 * cannot be trained. Cells that come to the same configuration on the same data share a run.
 */
export async function planFor(
  artefacts: readonly Artefact[],
  selection: Selection,
  { cache, request, load, estimate }: Planner,
): Promise<Plan> {
  const byKey = new Map<string, { run: PlannedRun; readonly wantedBy: Set<string> }>()
  const byCell = new Map<string, string>()
  const missing = new Map<string, { readonly cell: Cell; readonly why: string; readonly wantedBy: Set<string> }>()
  for (const artefact of artefacts) {
    for (const { cell, isOptional = false } of artefact.cells(selection, datasetsFor(artefact, selection))) {
      const name = cellName(cell)
      const asked = await request(cell)
      if (typeof asked === 'string') {
        if (isOptional) continue
        const known = missing.get(name) ?? { cell, why: asked, wantedBy: new Set() }
        known.wantedBy.add(artefact.name)
        missing.set(name, known)
        continue
      }
      const dataset = await load(asked)
      const key = runKey(asked.request.chosen.config, dataset)
      const known = byKey.get(key)
      if (known !== undefined) {
        known.wantedBy.add(artefact.name)
        byCell.set(name, key)
        continue
      }
      const folder = join(cache, key)
      const state = runStateOf(folder)
      if (isOptional && state.kind !== 'finished') continue
      const done = state.kind === 'begun' ? state.epoch : 0
      const { epochs } = asked.request.chosen.config
      const left =
        state.kind === 'finished'
          ? undefined
          : { epochs: Math.max(0, epochs - done), estimate: await estimate(asked, dataset) }
      const run = { cell, key, folder, asked, dataset, state, wantedBy: [], left }
      byKey.set(key, { run, wantedBy: new Set([artefact.name]) })
      byCell.set(name, key)
    }
  }
  const runs = new Map([...byKey].map(([key, { run, wantedBy }]) => [key, { ...run, wantedBy: [...wantedBy] }]))
  return {
    runs: [...runs.values()],
    missing: [...missing.values()].map((each) => ({ ...each, wantedBy: [...each.wantedBy] })),
    byCell: new Map(
      [...byCell].flatMap(([name, key]) => {
        const run = runs.get(key)
        return run === undefined ? [] : [[name, run] as const]
      }),
    ),
  }
}

/** Seconds that a run still takes. */
export function secondsLeft({ left }: Pick<PlannedRun, 'left'>): number {
  return left === undefined ? 0 : left.epochs * left.estimate.secondsPerEpoch
}

/** Of all runs together. */
export function totalSeconds({ runs }: Pick<Plan, 'runs'>): number {
  return runs.reduce((sum, run) => sum + secondsLeft(run), 0)
}
