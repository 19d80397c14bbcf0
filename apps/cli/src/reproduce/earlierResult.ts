import * as v from 'valibot'
import { BACKBONES, PAPER_DATASETS, type BackboneKind, type PaperDataset } from './paper.ts'
import type { ResultFile } from './resultFile.ts'

/** What a table or figure has of one data set with one backbone: it is measured as a whole. */
export interface Group {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
}

/** How groups were made that a result has from an earlier one. */
export interface KeptGroups extends Pick<ResultFile, 'command' | 'commit' | 'madeAt' | 'seeds' | 'machine' | 'engine'> {
  /** By `groupName`. */
  readonly groups: readonly string[]
}

const withGroups = v.looseObject({
  groups: v.array(v.looseObject({ dataset: v.picklist(PAPER_DATASETS), backbone: v.picklist(BACKBONES) })),
})

/** `ml10m-lgn`. */
export function groupName({ dataset, backbone }: Group): string {
  return `${dataset}-${backbone}`
}

const NAMES = PAPER_DATASETS.flatMap((dataset) => BACKBONES.map((backbone) => groupName({ dataset, backbone })))

/** The group of a cell, of its name with or without a seed; also where its data set was split anew. */
function groupOfCell(cell: string): string {
  return cell.replace(/^([^-]+)(?:-mix)?-([^-]+).*$/, '$1-$2')
}

/** `table3-ml10m-lgn.svg` → `ml10m-lgn`. */
function groupOfDrawing(drawing: string): string {
  return drawing.replace(/^[^-]+-(.*)\.svg$/, '$1')
}

/** In the paper's order of data sets and backbones; what is of one group stays as it is. */
function inOrder<Item>(items: readonly Item[], groupOf: (item: Item) => string): Item[] {
  return items.toSorted((a, b) => NAMES.indexOf(groupOf(a)) - NAMES.indexOf(groupOf(b)))
}

/**
 * The groups just measured together with those that the artefact's result of before has and that were not measured now, in the paper's
 * order: a table that takes days grows group by group, also where the trainings behind the others are gone.
 */
export function besideEarlier<G extends Group>(measured: readonly G[], earlier: ResultFile | undefined): readonly G[] {
  // The format that a result file states says what a group of its artefact looks like.
  return inOrder([...measured, ...(keptGroups(measured, earlier) as G[])], groupName)
}

function keptGroups(measured: readonly Group[], earlier: ResultFile | undefined): readonly Group[] {
  const parsed = v.safeParse(withGroups, earlier?.figures)
  if (!parsed.success) return []
  const now = new Set(measured.map(groupName))
  return parsed.output.groups.filter((group) => !now.has(groupName(group)))
}

/**
 * A result with all that belongs to the earlier one's other groups: trainings, drawings, what is missing, and how they were made.
 *
 * @param measured the groups measured now
 * @param asked names of the groups that were asked for, measured or not: what is missing of them was said anew
 */
export function withKept(
  result: ResultFile,
  earlier: ResultFile | undefined,
  measured: readonly Group[],
  asked: readonly string[],
): ResultFile {
  const names = new Set(keptGroups(measured, earlier).map(groupName))
  if (earlier === undefined) return result
  const { command, commit, madeAt, seeds, machine, engine, kept = [] } = earlier
  const older = kept.map((each) => ({ ...each, groups: each.groups.filter((name) => names.has(name)) }))
  const own = [...names].filter((name) => !kept.some(({ groups }) => groups.includes(name)))
  const origins = [...older, { groups: own, command, commit, madeAt, seeds, machine, engine }].filter(
    ({ groups }) => groups.length > 0,
  )
  return {
    ...result,
    cells: inOrder([...result.cells, ...earlier.cells.filter(({ cell }) => names.has(groupOfCell(cell)))], ({ cell }) =>
      groupOfCell(cell),
    ),
    drawings: inOrder(
      [...result.drawings, ...earlier.drawings.filter((drawing) => names.has(groupOfDrawing(drawing)))],
      groupOfDrawing,
    ),
    missing: inOrder(
      [
        ...result.missing.filter(({ cell }) => !names.has(groupOfCell(cell))),
        ...earlier.missing.filter(({ cell }) => !asked.includes(groupOfCell(cell))),
      ],
      ({ cell }) => groupOfCell(cell),
    ),
    ...(origins.length > 0 && { kept: origins }),
  }
}
