// What everything above the readers works with
export type { Dataset, GroundTruth, Parts, Repair } from './dataset.ts'
export type { RepairCode } from './repair.ts'
export type { IdMap } from './idMap.ts'
export { IdTable } from './idTable.ts'
export { rangeIdMap } from './rangeIdMap.ts'
export {
  DataFormatError,
  DataMissingError,
  DataOptionError,
  DataShapeError,
  DataWriteError,
  EmptyDataError,
} from './errors.ts'

// Files to interactions
export type { Interactions } from './interactions.ts'
export { readInteractions, type ReadOptions } from './readers/readInteractions.ts'
export { detectFormat, type Format } from './readers/detectFormat.ts'
export type { ColumnName, ColumnNames } from './readers/columnNames.ts'
export { readCsv, type CsvOptions } from './readers/readCsv.ts'
export { readListText } from './readers/readListText.ts'
export { readRatingsDat, readUData } from './readers/readMovieLens.ts'
export { readNpz } from './readers/readNpz.ts'
export { readIds, type IdColumn } from './readers/readIds.ts'
export { inMemory, readParquet, type ParquetOptions, type RandomAccess } from './readers/readParquet.ts'
export { gunzip, isGzip } from './readers/gunzip.ts'
export { chunksOf, type Chunks } from './readers/chunks.ts'
export { writeNpz } from './writeNpz.ts'

// Interactions to a data set
export {
  datasetFromInteractionParts,
  datasetFromInteractions,
  type DatasetFromFilesOptions,
  type DatasetFromInteractionsOptions,
  type InteractionParts,
  type OneOrMore,
} from './datasetFromInteractions.ts'
export { datasetFromParts, type DatasetFromPartsOptions } from './datasetFromParts.ts'
export { datasetHash } from './datasetHash.ts'
export { csrDifference, csrHas, csrIntersection, csrUnion } from './csrSets.ts'

// Filters
export { kCore, type KCore, type KCoreOptions } from './filters/kCore.ts'

// Splits
export { splitInteractions, type HeldOutOrder, type Split } from './splits/split.ts'
export { splitIidByUser, type IidByUserOptions, type ThreeParts } from './splits/iidByUser.ts'
export { splitIntervened, type IntervenedOptions, type IntervenedParts } from './splits/intervened.ts'
export { splitPerItem, type HeldOut, type PerItemOptions } from './splits/perItem.ts'
export { splitLeaveOneOut, type LeaveOneOutOptions } from './splits/leaveOneOut.ts'
export { splitTemporal, type TemporalCut, type TemporalParts } from './splits/temporal.ts'
export { mixHeldOut, splitMixPools, type MixPools, type MixPoolsOptions, type Pool } from './splits/mix.ts'
export { SPLIT_PRESETS, type SplitPreset } from './splits/presets.ts'
export type { TimedPairs } from './timedPairs.ts'

// Known and simulated data, and what can be said about any
export {
  CATALOGUE,
  catalogueEntry,
  type CatalogueEntry,
  type CataloguedFile,
  type CataloguedProtocol,
} from './catalogue.ts'
export { assembleCatalogued, type AssembleOptions, type OpenFile } from './assembleCatalogued.ts'
export {
  describeSplit,
  type InputFile,
  type PartDescription,
  type SplitDescription,
  type SplitOrigin,
} from './splitDescription.ts'
export { popularityGini } from './popularityGini.ts'
export { simulate, type SimulationOptions } from './simulate.ts'
export {
  headOf,
  interactionStatistics,
  type Head,
  type InteractionStatistics,
  type ItemGroup,
  type UserGroup,
} from './interactionStatistics.ts'
