import { metricLabel, METHOD_KINDS, type Evaluation, type MethodKind } from '@gradrec/core'
import { methodDots } from '@gradrec/report'
import type { Artefact, ArtefactContext } from '../artefact.ts'
import { besidePaper, closenessOf, describeCloseness } from '../besidePaper.ts'
import type { Cell, NeededCell } from '../cell.ts'
import { besideEarlier, earlierGroup } from '../earlierResult.ts'
import { groupName } from '../group.ts'
import { inTurn } from '../inTurn.ts'
import { meanEvaluation, overSeeds } from '../overSeeds.ts'
import {
  PAPER_DATASETS,
  PAPER_METHODS,
  PAPER_METRICS,
  type BackboneKind,
  type Paper,
  type PaperDataset,
  type PaperMethod,
} from '../paper.ts'
import type { PlainTable } from '../plainTable.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'
import { describeDials } from '../../output/describeDials.ts'
import type { CellFacts } from '../trainedCells.ts'
import {
  againstBestOf,
  emptyRow,
  isPapers,
  RESAMPLES,
  ROW_METHODS,
  withEarlierRows,
  type ComparedGroup,
  type ComparedRow,
} from './comparedGroup.ts'

/** Table III: the overall comparison. */
export const table3: Artefact = {
  name: 'table3',
  title: 'Table III: overall performance',
  datasets: PAPER_DATASETS,
  anyDataset: false,
  cells: ({ backbones, methods, seeds }, datasets) =>
    datasets.flatMap((dataset) =>
      backbones.flatMap((backbone) =>
        METHOD_KINDS.flatMap((method) =>
          seeds.map((seed): NeededCell => {
            const cell: Cell = { dataset, backbone, method, seed }
            return methods.includes(method) ? { cell } : { cell, isOptional: true }
          }),
        ),
      ),
    ),
  async make(context) {
    const { datasets, selection, paper } = context
    const measured: ComparedGroup[] = []
    const cells: CellFacts[] = []
    const keptRows: string[] = []
    for (const dataset of datasets) {
      for (const backbone of selection.backbones) {
        const group = await groupOf(dataset, backbone, context, cells, keptRows)
        if (group.rows.some(({ ours }) => ours !== undefined)) measured.push(group)
      }
    }
    const groups = besideEarlier(measured, context.earlier)
    const rows = groups.flatMap((group) => group.rows)
    return {
      figures: { resamples: RESAMPLES, level: 0.95, groups },
      measured,
      keptRows,
      cells,
      tables: [
        ...groups.map(groupTable),
        ...(groups.some(({ againstBest }) => againstBest.length > 0) ? [againstTable(groups)] : []),
      ],
      drawings: Object.fromEntries(measured.map((group) => [groupName(group), drawingOf(group, selection.quick)])),
      comparison: comparisonLine(groups, rows, paper, selection.quick),
      notes: [
        seedsNote(groups),
        'In brackets: the paper’s number, and by how much ours is above or below it.',
        'ARP@20 is the popularity of what is recommended: the mean number of training interactions of the listed items.',
        'Within a training, epochs and dials are chosen on validation, never on the test part; how its recipe was found is in benchmarks/NOTES.md.',
        ...(rows.some(({ method }) => !isPapers(method))
          ? [
              'Rows below gradient are not in the paper’s table: other methods and recommenders without training, for orientation.',
            ]
          : []),
      ],
    }
  },
}

async function groupOf(
  dataset: PaperDataset,
  backbone: BackboneKind,
  { selection: { seeds, quick }, paper, trained, earlier, signal, onStep }: ArtefactContext,
  cells: CellFacts[],
  keptRows: string[],
): Promise<ComparedGroup> {
  const rows: ComparedRow[] = []
  const evaluations = new Map<MethodKind, Evaluation>()
  let anchors: Awaited<ReturnType<typeof trained.baselines>> = {}
  for (const method of ROW_METHODS) {
    const done = seeds.map((seed): Cell => ({ dataset, backbone, method, seed })).filter((cell) => trained.has(cell))
    const theirs =
      isPapers(method) && !quick ? paper.table3.values[dataset][backbone][method as PaperMethod] : undefined
    if (done.length === 0) {
      if (isPapers(method)) rows.push({ ...emptyRow(method), paper: theirs })
      continue
    }
    onStep(`evaluating ${dataset} ${backbone} ${method}`)
    const evaluated = await inTurn(done, (cell) => trained.evaluated(cell))
    cells.push(...(await inTurn(done, (cell) => trained.facts(cell))))
    for (const cell of done) anchors = { ...(await trained.baselines(cell)), ...anchors }
    const evaluation = meanEvaluation(evaluated.map((each) => each.evaluation))
    evaluations.set(method, evaluation)
    rows.push({
      label: method,
      method,
      seeds: done.map(({ seed }) => seed),
      ours: PAPER_METRICS.map((metric) => overSeeds(evaluated.map((each) => each.evaluation.metrics[metric] ?? NaN))),
      paper: theirs,
      arp: evaluation.metrics['arp@20'],
      settings: evaluated.map(({ dials, epoch }) => {
        const set = Object.keys(dials).length > 0 ? `${describeDials(dials)}, ` : ''
        return `${set}epoch ${epoch}`
      }),
    })
  }
  if (evaluations.size === 0) return { dataset, backbone, users: 0, rows, againstBest: [] }
  for (const [label, metrics] of Object.entries(anchors)) {
    const ours = PAPER_METRICS.map((metric) => ({ mean: metrics[metric] ?? NaN, sd: null }))
    rows.push({ ...emptyRow(undefined), label, ours, arp: metrics['arp@20'] })
  }
  if (signal.aborted) return { dataset, backbone, users: 0, rows, againstBest: [] }
  onStep(`resampling ${dataset} ${backbone}`)
  const users = [...evaluations.values()][0]?.users.length ?? 0
  const group = { dataset, backbone, users, rows, againstBest: [] }
  const before = earlierGroup<ComparedGroup>(earlier, group)
  const { group: whole, kept } = withEarlierRows(group, before)
  keptRows.push(...kept.map((method) => `${groupName(group)}-${method}`))
  const { againstBest = [] } = before ?? {}
  return { ...whole, againstBest: againstBestOf(evaluations, whole.rows, { againstBest, kept }) }
}

/** The seeds of the row that has most. */
function seedsOf({ rows }: ComparedGroup): number {
  return Math.max(1, ...rows.map(({ seeds }) => seeds.length))
}

function seedsNote(groups: readonly ComparedGroup[]): string {
  const counts = [...new Set(groups.map(seedsOf))].sort((a, b) => a - b)
  const [least = 1, most = 1] = [counts[0], counts.at(-1)]
  if (most === 1) return 'One training seed. Intervals say how much other users would have changed the difference.'
  const where = least === 1 ? 'Where there is a ±, numbers' : 'Numbers'
  const seeds = least === most || least === 1 ? String(most) : `${least} to ${most}`
  return (
    `${where} are means ± standard deviations over ${seeds} training seeds${least === 1 ? ', elsewhere of one' : ''}. ` +
    'Intervals say how much other users would have changed the mean over seeds.'
  )
}

function groupTable(group: ComparedGroup): PlainTable {
  const { dataset, backbone, users, rows } = group
  const seeds = seedsOf(group)
  return {
    caption: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}: means over ${users.toLocaleString('en-US')} users; in brackets the paper’s`,
    columns: ['method', ...PAPER_METRICS.map(metricLabel), 'ARP@20', 'settings found'],
    rows: rows.map(({ label, seeds: done, ours, paper, arp, settings, method }) => [
      method !== undefined && done.length > 0 && done.length < seeds
        ? `${label} (${done.length} ${done.length === 1 ? 'seed' : 'seeds'})`
        : label,
      ...PAPER_METRICS.map((_, m) => besidePaper(ours?.[m], paper?.[m])),
      arp === undefined ? '–' : arp.toFixed(0),
      [...new Set(settings)].join('; '),
    ]),
  }
}

/** Recall@20 of the paper's rows, each beside the paper's. */
function drawingOf({ dataset, backbone, rows }: ComparedGroup, quick: boolean): string {
  const methods = rows.filter(({ method }) => isPapers(method))
  return methodDots({
    title: `${DATASET_TITLES[dataset]}, ${BACKBONE_TITLES[backbone]}${quick ? ' (not a result)' : ''}`,
    measure: 'Recall@20',
    proposed: 'gradient',
    methods: methods.map(({ label, ours: [ours] = [], paper: [paper] = [] }) => {
      const { mean, sd = null } = ours ?? {}
      return {
        method: label,
        ...(mean !== undefined && { ours: mean }),
        ...(mean !== undefined && sd !== null && { interval: [mean - sd, mean + sd] as const }),
        ...(paper !== undefined && { paper }),
      }
    }),
  })
}

function againstTable(groups: readonly ComparedGroup[]): PlainTable {
  const signed = (value: number, decimals: number): string =>
    `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`
  return {
    caption: `gradient against the best other method of the paper’s table: paired bootstrap over users, ${RESAMPLES.toLocaleString('en-US')} resamples`,
    columns: ['data set', 'backbone', 'metric', 'against', 'difference', '95 % interval', 'effect size'],
    rows: groups.flatMap(({ dataset, backbone, againstBest }) =>
      againstBest.map(({ metric, against, difference, low, high, effectSize }) => [
        DATASET_TITLES[dataset],
        BACKBONE_TITLES[backbone],
        metricLabel(metric),
        against,
        signed(difference, 4),
        `[${signed(low, 4)}, ${signed(high, 4)}]`,
        signed(effectSize, 2),
      ]),
    ),
  }
}

function comparisonLine(
  groups: readonly ComparedGroup[],
  rows: readonly ComparedRow[],
  paper: Paper,
  quick: boolean,
): string {
  const tested = groups.flatMap(({ againstBest }) => againstBest)
  const certain = tested.filter(({ low }) => low > 0).length
  const better = tested.filter(({ difference }) => difference > 0).length
  const wins =
    `gradient beats the best other method in ${better} of ${tested.length} columns (the paper: 24 of 24), ` +
    `in ${certain} with a 95 % interval that leaves out 0`
  if (quick) return wins
  const pairs = rows.flatMap(({ ours, paper: theirs }) =>
    (ours ?? []).flatMap(({ mean }, m) => (theirs?.[m] === undefined ? [] : [[mean, theirs[m]] as const])),
  )
  const all = Object.keys(paper.table3.values).length * 2 * PAPER_METHODS.length * PAPER_METRICS.length
  return `${pairs.length} of the table’s ${all} numbers are measured; ${describeCloseness(closenessOf(pairs))}; ${wins}`
}
