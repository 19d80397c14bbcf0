import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Context } from '../context.ts'
import { trainRequestOf, type TrainRequest } from '../run/trainRequest.ts'
import { settingsName, VARIANTS, type Cell } from './cell.ts'
import { quickFlags } from './quickData.ts'

/** A cell as a command line of `gradrec train`. */
export interface CellRequest {
  readonly request: TrainRequest
  /** What to type to train it alone. */
  readonly command: string
  /** Its recipe below `benchmarks/`; `undefined` in a quick look. */
  readonly recipe: string | undefined
}

/** Where cells come from. */
export interface CellSource {
  /** The folder `benchmarks` of a checkout. */
  readonly benchmarks: string
  readonly quick: boolean
  readonly dataRoot: string | undefined
  /** The folder of the split that Fig. 7 trains on. */
  mixFolder(cell: Cell): string
}

/** The same for all of them, so that they can be told in one line. */
export const NO_RECIPE =
  'there is no recipe for it: benchmarks/recipes/<data set>-<backbone>.yaml, or -<method>.yaml behind it'

/**
 * What training a cell means: its recipe with method, seed and variant laid over it as flags.
 *
 * @returns why there is none, as a string, for a cell without a recipe
 */
export async function cellRequest(cell: Cell, source: CellSource, context: Context): Promise<CellRequest | string> {
  const { benchmarks, quick, dataRoot } = source
  const recipe = quick ? undefined : recipeOf(cell, benchmarks)
  if (!quick && recipe === undefined) return NO_RECIPE
  const flags = {
    ...(recipe !== undefined && { config: recipe }),
    ...(quick && quickFlags(cell)),
    ...(cell.split === 'mix' && { dataset: source.mixFolder(cell) }),
    ...(cell.split === undefined && !quick && dataRoot !== undefined && { 'data-root': dataRoot }),
    backbone: cell.backbone,
    method: cell.method,
    seed: String(cell.seed),
    ...(cell.variant && VARIANTS[cell.variant]),
  }
  const request = await trainRequestOf(new Map(Object.entries(flags)), context)
  const shown = Object.entries(flags).map(([flag, value]) => `--${flag} ${pathFree(flag, value, benchmarks)}`)
  return {
    request,
    command: `gradrec train ${shown.join(' ')}`,
    recipe: recipe === undefined ? undefined : relative(benchmarks, recipe).replaceAll('\\', '/'),
  }
}

/** A recipe's names, the most particular first. */
export function recipeNames({ dataset, backbone, method, variant }: Omit<Cell, 'seed'>): string[] {
  const own = settingsName({ dataset, backbone, method })
  return [...(variant === undefined ? [] : [`${own}-${variant}`]), own, `${dataset}-${backbone}`].map(
    (name) => `${name}.yaml`,
  )
}

/** The path of a cell's recipe, where there is one. */
export function recipeOf(cell: Cell, benchmarks: string): string | undefined {
  return recipeNames(cell)
    .map((name) => join(benchmarks, 'recipes', name))
    .find((path) => existsSync(path))
}

/** Folders are everyone's own, but for those of the checkout. */
function pathFree(flag: string, path: string, benchmarks: string): string {
  const value = path.replaceAll('\\', '/')
  if (flag === 'config') return `benchmarks/${relative(benchmarks, path).replaceAll('\\', '/')}`
  if (flag === 'dataset') return value.replace(/^.*(?=\/splits\/)/, '…')
  return flag === 'data-root' ? '…' : value
}
