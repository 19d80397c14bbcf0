// Figures, as SVG
export { alphaSurface, type AlphaGrid, type AlphaPoint } from './alphaSurface.ts'
export { lossCurve, type TrainedEpoch, type TrainingHistory } from './lossCurve.ts'
export { gradientByPopularity, type GradientsByPopularity, type ItemGradients } from './gradientByPopularity.ts'
export { popularityGroups, type GroupValue, type PopularityGroups } from './popularityGroups.ts'

// Tables, as text, Markdown and HTML
export {
  htmlTable,
  markdownTable,
  textTable,
  type Estimate,
  type ResultColumn,
  type ResultRow,
  type ResultTable,
} from './resultTable.ts'

// Pages
export { htmlReport, type Report, type ReportBlock, type ReportSection } from './htmlReport.ts'
