import { popularityGroups } from '@gradrec/report'
import type { PopularityGroup } from '@gradrec/core'
import type { Artefact, ArtefactContext, Made } from '../artefact.ts'
import type { Cell } from '../cell.ts'
import { CLAIM_COLUMNS, claimRows, describeClaims, type JudgedClaim } from '../claims.ts'
import { besideEarlier } from '../earlierResult.ts'
import { groupName } from '../group.ts'
import type { BackboneKind, Paper, PaperDataset } from '../paper.ts'
import type { PlainTable } from '../plainTable.ts'
import { firstSeed } from '../selection.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts } from '../trainedCells.ts'

/** The bars of a group, by model. */
const MODELS = ['original', 'noNorm', 'gradient'] as const
type Model = (typeof MODELS)[number]

/** One data set with one backbone: each model's five groups. */
export interface PopularityFigure {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly models: Readonly<Partial<Record<Model, readonly PopularityGroup[]>>>
}

/** What one of the two figures shows. */
interface Shown {
  readonly measure: string
  readonly decimals: number
  /** How the measure is defined. */
  readonly note: string
  of(group: PopularityGroup): number
  claims(paper: Paper): Readonly<Record<'originalMost' | 'oursLess' | 'oursMore', { text: string; place: string }>>
}

/** Fig. 5: how often items of five popularity groups are recommended. */
export const fig5: Artefact = figure('fig5', 'Fig. 5: recommended frequency by item popularity', {
  measure: 'lists an item is in',
  decimals: 1,
  note: 'An item’s frequency is the number of users in whose 20 recommendations it is; a bar is the mean over the group’s items.',
  of: ({ frequency }) => frequency,
  claims: ({ claims: { fig5: claims } }) => ({
    originalMost: claims.originalMostInGroup1,
    oursLess: claims.oursLessInGroup1,
    oursMore: claims.oursMoreInGroups2to4,
  }),
})

/** Fig. 6: Recall@20 in five popularity groups. */
export const fig6: Artefact = figure('fig6', 'Fig. 6: Recall@20 by item popularity', {
  measure: 'Recall@20',
  decimals: 4,
  note: 'Recall is of a user’s test items in the group; a bar is the mean over users who have any there.',
  of: ({ recall }) => recall,
  claims: ({ claims: { fig6: claims } }) => ({
    originalMost: claims.originalBestInGroup1,
    oursLess: claims.oursLessInGroup1,
    oursMore: claims.oursMoreInGroups2to4,
  }),
})

function figure(name: string, title: string, shown: Shown): Artefact {
  return {
    name,
    title,
    datasets: ['ml10m'],
    anyDataset: true,
    cells: (selection, datasets) =>
      datasets.flatMap((dataset) =>
        selection.backbones.flatMap((backbone) =>
          MODELS.map((model) => ({ cell: cellOf(dataset, backbone, model, firstSeed(selection)) })),
        ),
      ),
    make: (context) => made(context, shown),
  }
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, model: Model, seed: number): Cell {
  if (model === 'original') return { dataset, backbone, method: 'original', seed }
  return { dataset, backbone, method: 'gradient', ...(model === 'noNorm' && { variant: 'noNorm' }), seed }
}

async function made(context: ArtefactContext, shown: Shown): Promise<Made> {
  const { datasets, selection, paper, trained, earlier, onStep } = context
  const measured: PopularityFigure[] = []
  const cells: CellFacts[] = []
  for (const dataset of datasets) {
    for (const backbone of selection.backbones) {
      const models: Partial<Record<Model, readonly PopularityGroup[]>> = {}
      for (const model of MODELS) {
        const cell = cellOf(dataset, backbone, model, firstSeed(selection))
        if (!trained.has(cell)) continue
        onStep(`evaluating ${dataset} ${backbone} ${model}`)
        models[model] = (await trained.evaluated(cell)).groups
        cells.push(await trained.facts(cell))
      }
      if (Object.keys(models).length > 0) measured.push({ dataset, backbone, models })
    }
  }
  const figures = besideEarlier(measured, earlier)
  const claims = figures.flatMap((each) => judged(each, shown, paper))
  return {
    figures: { measure: shown.measure, groups: figures, claims },
    measured,
    cells,
    tables: [
      ...figures.map((each) => tableOf(each, shown)),
      ...(claims.length > 0
        ? [{ caption: 'What the paper says about the figure', columns: CLAIM_COLUMNS, rows: claimRows(claims) }]
        : []),
    ],
    drawings: Object.fromEntries(measured.map((each) => [groupName(each), drawingOf(each, shown, selection.quick)])),
    comparison: describeClaims(claims),
    notes: [
      'Items are grouped by training popularity: groups 1 to 4 have 5 % of the items each, most popular first, and group 5 the other 80 %.',
      shown.note,
      'The paper’s figure gives no numbers.',
    ],
  }
}

function tableOf({ dataset, backbone, models }: PopularityFigure, { measure, of, decimals }: Shown): PlainTable {
  const rows = Object.entries(models)
  return {
    caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}: ${measure}`,
    columns: ['model', ...(rows[0]?.[1].map((_, group) => `group ${group + 1}`) ?? [])],
    rows: rows.map(([model, groups]) => [
      labelOf(model as Model, backbone),
      ...groups.map((group) => of(group).toFixed(decimals)),
    ]),
  }
}

function drawingOf({ dataset, backbone, models }: PopularityFigure, { measure, of }: Shown, quick: boolean): string {
  return popularityGroups({
    title: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${quick ? ' (not a result)' : ''}`,
    measure,
    values: Object.entries(models).flatMap(([model, groups]) =>
      groups.map((group, n) => ({
        group: String(n + 1),
        model: labelOf(model as Model, backbone),
        value: of(group),
      })),
    ),
  })
}

function labelOf(model: Model, backbone: BackboneKind): string {
  const name = BACKBONE_TITLES[backbone]
  return model === 'original' ? name : model === 'noNorm' ? `${name} gradient w/o norm` : `${name} gradient`
}

function judged({ dataset, backbone, models }: PopularityFigure, shown: Shown, paper: Paper): JudgedClaim[] {
  const on = `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}`
  const [original, ours] = [models.original?.map(shown.of), models.gradient?.map(shown.of)]
  if (original === undefined || ours === undefined) return []
  const text = (value = NaN): string => value.toFixed(shown.decimals)
  const { originalMost, oursLess, oursMore } = shown.claims(paper)
  const [first = 0, second = 0, ...others] = original
  const middle = [1, 2, 3]
  return [
    {
      on,
      ...originalMost,
      found: `group 1 has ${text(first)}, group 2 ${text(second)}`,
      holds: first > second && others.every((value) => value < first),
    },
    {
      on,
      ...oursLess,
      found: `group 1 has ${text(ours[0])} against ${text(first)}`,
      holds: (ours[0] ?? 0) < first,
    },
    {
      on,
      ...oursMore,
      found: middle
        .map((group) => `group ${group + 1} ${text(ours[group])} against ${text(original[group])}`)
        .join(', '),
      holds: middle.every((group) => (ours[group] ?? 0) > (original[group] ?? 0)),
    },
  ]
}
