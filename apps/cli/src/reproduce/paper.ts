import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { UsageError } from '../errors.ts'

/** The paper's data sets, by their names in the catalogue and in the order of its tables. */
export const PAPER_DATASETS = ['ml10m', 'netflix', 'adressa', 'gowalla'] as const
export type PaperDataset = (typeof PAPER_DATASETS)[number]

export const BACKBONES = ['mf', 'lgn'] as const
export type BackboneKind = (typeof BACKBONES)[number]

/** The rows of Table III, in its order. */
export const PAPER_METHODS = ['original', 'ips', 'cause', 'dice', 'macr', 'gradient'] as const
export type PaperMethod = (typeof PAPER_METHODS)[number]

/** The metrics of Tables III and V, in their order. */
export const PAPER_METRICS = ['recall@20', 'hitRate@20', 'ndcg@20'] as const
export type PaperMetric = (typeof PAPER_METRICS)[number]

/** The rows of Table V: the method, and what is left out of it. In the paper's table α1 is αUser and α2 is αItem (METHODS.md §2.3 G). */
export const ABLATIONS = ['ours', 'noNorm', 'alphaUserOff', 'alphaItemOff'] as const
export type Ablation = (typeof ABLATIONS)[number]

/** The three metrics, or the three columns of Table I. */
type Triple = readonly [number, number, number]
type ByDataset<Value> = Readonly<Record<PaperDataset, Value>>
type ByBackbone<Value> = Readonly<Record<BackboneKind, Value>>
type Timed = Readonly<Record<'original' | 'dice' | 'macr' | 'gradient', number>>

/** Something the paper says. */
export interface Claim {
  readonly place: string
  readonly text: string
}

type Claims<Name extends string> = Readonly<Record<Name, Claim>>

interface Placed<Values> {
  /** Where it stands in the paper. */
  readonly place: string
  readonly values: Values
}

/** The paper's numbers and claims with their places: `benchmarks/paper.json`. */
export interface Paper {
  readonly source: string
  readonly table1: {
    readonly place: string
    readonly dataset: PaperDataset
    /** Members, then the two means, as the table's columns. */
    readonly users: Readonly<Record<'all' | 'active' | 'inactive', Triple>>
    readonly items: Readonly<Record<'all' | 'popular' | 'unpopular', Triple>>
  }
  /** Users, items, interactions, and what the paper calls sparsity: interactions / (users × items). */
  readonly table2: Placed<ByDataset<readonly [number, number, number, number]>>
  readonly table3: Placed<ByDataset<ByBackbone<Readonly<Record<PaperMethod, Triple>>>>>
  /** Per cent by which gradient is said to be better than original, by metric. */
  readonly improvements: Placed<ByBackbone<Triple>>
  /** Seconds per epoch. */
  readonly table4: Placed<ByBackbone<Readonly<Record<'ml10m' | 'netflix', Timed>>>> & { readonly hardware: string }
  readonly table5: Placed<Readonly<Record<'ml10m' | 'adressa', ByBackbone<Readonly<Record<Ablation, Triple>>>>>>
  readonly intervenedShares: Placed<readonly number[]>
  /** What the paper says about its figures, which give no numbers. */
  readonly claims: {
    readonly fig1: Claims<'popularFollowPositive' | 'unpopularOpposite' | 'popularNormPositive'>
    readonly fig4: Claims<'bpr' | 'bce'>
    readonly fig5: Claims<'originalMostInGroup1' | 'oursLessInGroup1' | 'oursMoreInGroups2to4'>
    readonly fig6: Claims<'originalBestInGroup1' | 'oursLessInGroup1' | 'oursMoreInGroups2to4'>
    readonly fig7: Claims<'oursWinsFrom75' | 'gainGrows'>
    readonly fig8: Claims<'alphaUserBest' | 'largeAlphaUserHurts' | 'largeAlphaItemHelps'>
  }
}

const triple = v.tuple([v.number(), v.number(), v.number()])
const quadruple = v.tuple([v.number(), v.number(), v.number(), v.number()])
const byDataset = <Value>(value: v.GenericSchema<unknown, Value>): v.GenericSchema<unknown, ByDataset<Value>> =>
  v.object({ ml10m: value, netflix: value, adressa: value, gowalla: value })
const byBackbone = <Value>(value: v.GenericSchema<unknown, Value>): v.GenericSchema<unknown, ByBackbone<Value>> =>
  v.object({ mf: value, lgn: value })
const timed = v.object({ original: v.number(), dice: v.number(), macr: v.number(), gradient: v.number() })
const ablation = byBackbone(v.object({ ours: triple, noNorm: triple, alphaUserOff: triple, alphaItemOff: triple }))
const claim = v.object({ place: v.string(), text: v.string() })

const schema: v.GenericSchema<unknown, Paper> = v.object({
  source: v.string(),
  table1: v.object({
    place: v.string(),
    dataset: v.picklist(PAPER_DATASETS),
    users: v.object({ all: triple, active: triple, inactive: triple }),
    items: v.object({ all: triple, popular: triple, unpopular: triple }),
  }),
  table2: v.object({ place: v.string(), values: byDataset(quadruple) }),
  table3: v.object({
    place: v.string(),
    values: byDataset(
      byBackbone(
        v.object({ original: triple, ips: triple, cause: triple, dice: triple, macr: triple, gradient: triple }),
      ),
    ),
  }),
  improvements: v.object({ place: v.string(), values: byBackbone(triple) }),
  table4: v.object({
    place: v.string(),
    hardware: v.string(),
    values: byBackbone(v.object({ ml10m: timed, netflix: timed })),
  }),
  table5: v.object({
    place: v.string(),
    values: v.object({ ml10m: ablation, adressa: ablation }),
  }),
  intervenedShares: v.object({ place: v.string(), values: v.array(v.number()) }),
  claims: v.object({
    fig1: v.object({ popularFollowPositive: claim, unpopularOpposite: claim, popularNormPositive: claim }),
    fig4: v.object({ bpr: claim, bce: claim }),
    fig5: v.object({ originalMostInGroup1: claim, oursLessInGroup1: claim, oursMoreInGroups2to4: claim }),
    fig6: v.object({ originalBestInGroup1: claim, oursLessInGroup1: claim, oursMoreInGroups2to4: claim }),
    fig7: v.object({ oursWinsFrom75: claim, gainGrows: claim }),
    fig8: v.object({ alphaUserBest: claim, largeAlphaUserHurts: claim, largeAlphaItemHelps: claim }),
  }),
})

/** @param benchmarks the folder `benchmarks` of a checkout */
export async function readPaper(benchmarks: string): Promise<Paper> {
  const path = join(benchmarks, 'paper.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new UsageError(
      `${path} is missing, which holds the paper’s numbers: ${cause instanceof Error ? cause.message : String(cause)}; run in a ` +
        'checkout of gradrec, or say where its folder benchmarks is with --benchmarks',
    )
  }
  return v.parse(schema, JSON.parse(text))
}
