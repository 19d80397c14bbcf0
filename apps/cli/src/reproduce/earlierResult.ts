import * as v from 'valibot'
import { groupName, groupOfCell, groupOfDrawing, inGroupOrder, type Group } from './group.ts'
import { BACKBONES, PAPER_DATASETS } from './paper.ts'
import type { ResultFile } from './resultFile.ts'

/** How groups were made that a result has from an earlier one. */
export interface KeptGroups extends Pick<ResultFile, 'command' | 'commit' | 'madeAt' | 'seeds' | 'machine' | 'engine'> {
  /** By `groupName`; of a group that has other rows of its own, the cells of its kept rows, such as `ml10m-lgn-dice`. */
  readonly groups: readonly string[]
}

const withGroups = v.looseObject({
  groups: v.array(
    v.looseObject({ dataset: v.picklist(PAPER_DATASETS), backbone: v.exactOptional(v.picklist(BACKBONES)) }),
  ),
})

/**
 * The groups just measured together with those that the artefact's result of before has and that were not measured now, in the paper's
 * order: a table that takes days grows group by group, also where the trainings behind the others are gone.
 */
export function besideEarlier<G extends Group>(measured: readonly G[], earlier: ResultFile | undefined): readonly G[] {
  // The format that a result file states says what a group of its artefact looks like.
  return inGroupOrder([...measured, ...(keptGroups(measured, earlier) as G[])], groupName)
}

function keptGroups(measured: readonly Group[], earlier: ResultFile | undefined): readonly Group[] {
  const parsed = v.safeParse(withGroups, earlier?.figures)
  if (!parsed.success) return []
  const now = new Set(measured.map(groupName))
  return parsed.output.groups.filter((group) => !now.has(groupName(group)))
}

/** What an earlier result has of a group. */
export function earlierGroup<G extends Group>(earlier: ResultFile | undefined, group: Group): G | undefined {
  return keptGroups([], earlier).find((each) => groupName(each) === groupName(group)) as G | undefined
}

/** What was measured now. */
export interface MeasuredNow {
  /** `undefined` for an artefact that is always made whole. */
  readonly measured?: readonly Group[]
  /** Rows of these that are the earlier result's all the same: their cells, without the seed. */
  readonly keptRows?: readonly string[]
  /** Names of the groups that were asked for, measured or not: what is missing of them was said anew. */
  readonly asked: readonly string[]
}

/** A result with all that an earlier one has beside what was measured now: trainings, drawings, what is missing, and how they were made. */
export function withKept(
  result: ResultFile,
  earlier: ResultFile | undefined,
  { measured, keptRows = [], asked }: MeasuredNow,
): ResultFile {
  if (earlier === undefined || measured === undefined) return result
  const groups = new Set(keptGroups(measured, earlier).map(groupName))
  const rows = new Set(keptRows)
  const isKept = (cell: string): boolean => groups.has(groupOfCell(cell)) || rows.has(cell.replace(/-s\d+$/, ''))
  const kept = originsOf(earlier, [...groups, ...rows])
  return {
    ...result,
    cells: inGroupOrder([...result.cells, ...earlier.cells.filter(({ cell }) => isKept(cell))], ({ cell }) =>
      groupOfCell(cell),
    ),
    drawings: inGroupOrder(
      [...result.drawings, ...earlier.drawings.filter((drawing) => groups.has(groupOfDrawing(drawing)))],
      groupOfDrawing,
    ),
    missing: inGroupOrder(
      [
        ...result.missing.filter(({ cell }) => !isKept(cell)),
        ...earlier.missing.filter(({ cell }) => !asked.includes(groupOfCell(cell))),
      ],
      ({ cell }) => groupOfCell(cell),
    ),
    ...(kept.length > 0 && { kept }),
  }
}

/** How groups and rows of an earlier result were made, some of which it may have kept itself. */
function originsOf(earlier: ResultFile, names: readonly string[]): KeptGroups[] {
  const { command, commit, madeAt, seeds, machine, engine, kept = [] } = earlier
  const left = new Set(names)
  const older = kept.map((each) => {
    const whole = each.groups.filter((name) => names.includes(name))
    // Rows that a group had kept stay so when the group itself is kept.
    const rowsOfKept = each.groups.filter((name) => names.includes(groupOfCell(name)) && !whole.includes(name))
    const rowsOfWhole = [...left].filter((name) => !whole.includes(name) && each.groups.includes(groupOfCell(name)))
    for (const name of [...whole, ...rowsOfWhole]) left.delete(name)
    return { ...each, groups: [...whole, ...rowsOfKept, ...rowsOfWhole] }
  })
  return [...older, { groups: [...left], command, commit, madeAt, seeds, machine, engine }].filter(
    ({ groups }) => groups.length > 0,
  )
}
