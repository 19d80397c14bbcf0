import { metricLabel, type Dials } from '@gradrec/core'
import type { Artefact, ArtefactContext } from '../artefact.ts'
import { besidePaper, closenessOf, describeCloseness } from '../besidePaper.ts'
import type { Cell } from '../cell.ts'
import { besideEarlier } from '../earlierResult.ts'
import { inTurn } from '../inTurn.ts'
import { overSeeds, type OverSeeds } from '../overSeeds.ts'
import { ABLATIONS, PAPER_METRICS, type Ablation, type BackboneKind, type PaperDataset } from '../paper.ts'
import type { PlainTable } from '../plainTable.ts'
import { ABLATION_TITLES, BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import type { CellFacts } from '../trainedCells.ts'
import { describeDials } from '../../output/describeDials.ts'

/** What each row of the table does to the trained model, and whether it is another training. */
const LEFT_OUT: Readonly<Record<Ablation, { readonly variant?: 'noNorm'; readonly turned: Dials }>> = {
  ours: { turned: {} },
  noNorm: { variant: 'noNorm', turned: {} },
  alphaUserOff: { turned: { alphaUser: 0 } },
  alphaItemOff: { turned: { alphaItem: 0 } },
}

export interface AblationGroup {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly rows: readonly {
    readonly ablation: Ablation
    /** In the order of the paper's metrics; `undefined` where nothing was trained. */
    readonly ours: readonly OverSeeds[] | undefined
    readonly paper: readonly number[] | undefined
    readonly dials: readonly Dials[]
  }[]
}

/** Table V: the ablation. */
export const table5: Artefact = {
  name: 'table5',
  title: 'Table V: ablation',
  datasets: ['ml10m', 'adressa'],
  anyDataset: true,
  cells: ({ backbones, seeds }, datasets) =>
    datasets.flatMap((dataset) =>
      backbones.flatMap((backbone) =>
        (['ours', 'noNorm'] as const).flatMap((ablation) =>
          seeds.map((seed) => ({ cell: cellOf(dataset, backbone, ablation, seed) })),
        ),
      ),
    ),
  async make(context) {
    const { datasets, selection } = context
    const measured: AblationGroup[] = []
    const cells: CellFacts[] = []
    for (const dataset of datasets) {
      for (const backbone of selection.backbones) {
        const group = await groupOf(dataset, backbone, context, cells)
        if (group.rows.some(({ ours }) => ours !== undefined)) measured.push(group)
      }
    }
    const groups = besideEarlier(measured, context.earlier)
    return {
      figures: { groups },
      measured,
      cells,
      tables: groups.map(groupTable),
      drawings: {},
      comparison: comparisonLine(groups, selection.quick),
      notes: [
        'The paper’s Table V calls the user’s dial α1 and the item’s α2, the other way round than its equations.',
        'α1 = 0 and α2 = 0 turn one dial of the same trained model off and leave the other where it was, as the paper does. Where the two ' +
          'directions are nearly parallel, both dials subtract the same thing, and either alone subtracts too little.',
        '“w/o norm” is a training of its own, without user normalisation. Its dials are chosen on its own validation part; without one, ' +
          'they are the full method’s.',
      ],
    }
  },
}

function cellOf(dataset: PaperDataset, backbone: BackboneKind, ablation: Ablation, seed: number): Cell {
  const { variant } = LEFT_OUT[ablation]
  return { dataset, backbone, method: 'gradient', ...(variant && { variant }), seed }
}

async function groupOf(
  dataset: PaperDataset,
  backbone: BackboneKind,
  { selection: { seeds, quick }, paper, trained, onStep }: ArtefactContext,
  cells: CellFacts[],
): Promise<AblationGroup> {
  const theirs = !quick && (dataset === 'ml10m' || dataset === 'adressa') ? paper.table5.values[dataset] : undefined
  const rows = await inTurn(ABLATIONS, async (ablation) => {
    const done = seeds.map((seed) => cellOf(dataset, backbone, ablation, seed)).filter((cell) => trained.has(cell))
    onStep(`evaluating ${dataset} ${backbone}, ${ABLATION_TITLES[ablation]}`)
    const { variant, turned } = LEFT_OUT[ablation]
    const evaluated = await inTurn(done, (cell) => trained.evaluated(cell, { turned }))
    if (ablation === 'ours' || variant) cells.push(...(await inTurn(done, (cell) => trained.facts(cell))))
    return {
      ablation,
      ours:
        evaluated.length === 0
          ? undefined
          : PAPER_METRICS.map((metric) =>
              overSeeds(evaluated.map(({ evaluation }) => evaluation.metrics[metric] ?? NaN)),
            ),
      paper: theirs?.[backbone][ablation],
      dials: evaluated.map(({ dials }) => dials),
    }
  })
  return { dataset, backbone, rows }
}

function groupTable({ dataset, backbone, rows }: AblationGroup): PlainTable {
  return {
    caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}; in brackets the paper’s`,
    columns: ['left out', ...PAPER_METRICS.map(metricLabel), 'dials'],
    rows: rows.map(({ ablation, ours, paper, dials }) => [
      ABLATION_TITLES[ablation],
      ...PAPER_METRICS.map((_, m) => besidePaper(ours?.[m], paper?.[m])),
      [...new Set(dials.map(describeDials))].join('; '),
    ]),
  }
}

/** How many of the numbers fall when something is left out, as all of the paper's do. */
function comparisonLine(groups: readonly AblationGroup[], quick: boolean): string {
  let [falls, all] = [0, 0]
  for (const { rows } of groups) {
    const full = rows.find(({ ablation }) => ablation === 'ours')?.ours
    for (const { ablation, ours } of rows) {
      if (ablation === 'ours') continue
      for (const [m, value] of (ours ?? []).entries()) {
        const whole = full?.[m]?.mean
        if (whole === undefined) continue
        all++
        if (value.mean < whole) falls++
      }
    }
  }
  const ablated = `leaving something out lowers ${falls} of ${all} numbers (the paper: 36 of 36)`
  if (quick) return ablated
  const pairs = groups.flatMap(({ rows }) =>
    rows.flatMap(({ ours, paper }) =>
      (ours ?? []).flatMap(({ mean }, m) => (paper?.[m] === undefined ? [] : [[mean, paper[m]] as const])),
    ),
  )
  return `${ablated}; ${describeCloseness(closenessOf(pairs))}`
}
