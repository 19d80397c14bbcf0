import type { KeptGroups } from './earlierResult.ts'
import { GROUPS, groupName } from './group.ts'
import type { PlainTable } from './plainTable.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from './titles.ts'
import type { ResultFile } from './resultFile.ts'

/** Enough of a commit to find it, and whether files were changed since. */
export function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1')
}

/** What each data set's parts are, an entry a data set. */
export function protocolsOf({ cells }: Pick<ResultFile, 'cells'>): string[] {
  return [...new Set(cells.map(({ dataset, protocol }) => `${titleOf(dataset)}: ${protocol}`))]
}

/** What trained a result's cells. */
export function devicesOf({ cells }: Pick<ResultFile, 'cells'>): string[] {
  return [...new Set(cells.map(({ device }) => device))]
}

/** `2 cores of AMD EPYC`. */
export function machineOf({ machine }: Pick<ResultFile, 'machine'>): string {
  return `${machine.cores} cores of ${machine.processor}`
}

/** `MovieLens-10M with MF, Netflix with LightGCN (dice, macr)`. */
export function groupTitles({ groups }: Pick<KeptGroups, 'groups'>): string {
  return GROUPS.flatMap((group) => {
    const { dataset, backbone } = group
    const name = groupName(group)
    const title = `${DATASET_TITLES[dataset]}${backbone === undefined ? '' : ` with ${BACKBONE_TITLES[backbone]}`}`
    if (groups.includes(name)) return [title]
    if (backbone === undefined) return []
    const rows = groups.filter((row) => row.startsWith(`${name}-`)).map((row) => row.slice(name.length + 1))
    return rows.length === 0 ? [] : [`${title} (${rows.join(', ')})`]
  }).join(', ')
}

/** Every training once, whatever results are made of it. */
export function trainingsOf(results: readonly ResultFile[]): PlainTable {
  const cells = new Map(results.flatMap((result) => result.cells.map((cell) => [cell.key, cell] as const)))
  return {
    caption:
      'Recipes are files below benchmarks/ of the checkout; data and commits are told by the beginning of their hashes',
    columns: ['training', 'recipe', 'epoch', 'data', 'commit'],
    rows: [...cells.values()].map(({ cell, recipe, epoch, dataHash, commit }) => [
      cell,
      recipe ?? '–',
      String(epoch),
      dataHash.slice(0, 12),
      shortCommit(commit),
    ]),
  }
}

function titleOf(dataset: string): string {
  return Object.entries(DATASET_TITLES).find(([name]) => name === dataset)?.[1] ?? dataset
}
