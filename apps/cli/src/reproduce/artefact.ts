import type { Dataset } from '@gradrec/data'
import type { NeededCell } from './cell.ts'
import type { Group } from './group.ts'
import type { Paper, PaperDataset } from './paper.ts'
import type { PlainTable } from './plainTable.ts'
import type { ResultFile } from './resultFile.ts'
import type { Selection } from './selection.ts'
import type { CellFacts, TrainedCells } from './trainedCells.ts'

/** A table or figure of the paper. */
export interface Artefact {
  /** As it is called on the command line: `table3`, `fig5`. */
  readonly name: string
  readonly title: string
  /** The data sets that the paper has it for; others can be asked for where `anyDataset` is set. */
  readonly datasets: readonly PaperDataset[]
  readonly anyDataset: boolean
  /** The trainings it shows, of the data sets that are asked for. */
  cells(selection: Selection, datasets: readonly PaperDataset[]): readonly NeededCell[]
  /** Measures and lays out; everything it needs has been trained, but for what cannot be. */
  make(context: ArtefactContext): Promise<Made>
}

/** What an artefact is made from. */
export interface ArtefactContext {
  readonly selection: Selection
  /** The data sets that are asked for, of those it can have. */
  readonly datasets: readonly PaperDataset[]
  readonly paper: Paper
  readonly trained: TrainedCells
  /** What the folder of results has of the artefact already, to lay other groups out beside those measured now. */
  readonly earlier: ResultFile | undefined
  /** A data set of the paper, simulated where the selection is quick. */
  loadData(name: PaperDataset, protocol?: string): Promise<Dataset>
  /** The mixtures that Fig. 7 tests on, by how much of each is intervened; all have the training part that its cells train on. */
  loadMixes(name: PaperDataset): Promise<ReadonlyMap<number, Dataset>>
  /** Folders with results of `pnpm bench`. */
  readonly benchResults: readonly string[]
  readonly signal: AbortSignal
  /** Called with what is being done. */
  onStep(what: string): void
}

/** What is written of an artefact; plain data. */
export interface Made {
  readonly figures: unknown
  /** What was measured now, where it is laid out beside groups of an earlier result (`besideEarlier`). */
  readonly measured?: readonly Group[]
  /** Rows of measured groups that are an earlier result's: their cells, without the seed. */
  readonly keptRows?: readonly string[]
  /** The trainings that the figures are of. */
  readonly cells: readonly CellFacts[]
  readonly tables: readonly PlainTable[]
  /** SVGs by the names they are told apart by, such as `ml10m-mf`. */
  readonly drawings: Readonly<Record<string, string>>
  /** One line that holds ours against the paper. */
  readonly comparison: string
  /** What a reader has to know, a sentence each. */
  readonly notes: readonly string[]
}

/** The data sets of an artefact that a selection asks for. */
export function datasetsFor(
  { datasets, anyDataset }: Pick<Artefact, 'datasets' | 'anyDataset'>,
  selection: Pick<Selection, 'datasets'>,
): readonly PaperDataset[] {
  if (selection.datasets === undefined) return datasets
  return anyDataset ? selection.datasets : selection.datasets.filter((name) => datasets.includes(name))
}
