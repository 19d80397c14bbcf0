// What everything above the readers works with
export type { Dataset, GroundTruth, Parts, Repair } from './dataset.ts'
export type { RepairCode } from './repair.ts'
export type { IdMap } from './idMap.ts'
export { IdTable } from './idTable.ts'
export { rangeIdMap } from './rangeIdMap.ts'
export { DataFormatError, DataMissingError, DataOptionError, DataShapeError, EmptyDataError } from './errors.ts'

// Files to interactions
export type { Interactions } from './interactions.ts'
export { readInteractions, type ReadOptions } from './readers/readInteractions.ts'
export { detectFormat, type Format } from './readers/detectFormat.ts'
export { readCsv, type ColumnName, type CsvOptions } from './readers/readCsv.ts'
export { readListText } from './readers/readListText.ts'
export { readRatingsDat, readUData } from './readers/readMovieLens.ts'
export { readNpz } from './readers/readNpz.ts'
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
} from './datasetFromInteractions.ts'
export { datasetFromParts, type DatasetFromPartsOptions } from './datasetFromParts.ts'
export { datasetHash } from './datasetHash.ts'
export { csrDifference, csrHas, csrIntersection, csrUnion } from './csrSets.ts'

// Splits
export { splitInteractions, type Split } from './splits/split.ts'
export { splitIidByUser, type IidByUserOptions, type ThreeParts } from './splits/iidByUser.ts'
export { splitIntervened, type IntervenedParts } from './splits/intervened.ts'
export { splitPerItem, type HeldOut, type PerItemOptions } from './splits/perItem.ts'

// Known and simulated data, and what can be said about any
export {
  CATALOGUE,
  catalogueEntry,
  type CatalogueEntry,
  type CataloguedFile,
  type CataloguedProtocol,
} from './catalogue.ts'
export { assembleCatalogued, type AssembleOptions, type OpenFile } from './assembleCatalogued.ts'
export { simulate, type SimulationOptions } from './simulate.ts'
export {
  headOf,
  interactionStatistics,
  type Head,
  type InteractionStatistics,
  type ItemGroup,
  type UserGroup,
} from './interactionStatistics.ts'
