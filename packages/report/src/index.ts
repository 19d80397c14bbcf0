// Figures, as SVG
export { alphaSurface, type AlphaGrid, type AlphaPoint } from './alphaSurface.ts'
export { lossCurve, type TrainedEpoch, type TrainingHistory } from './lossCurve.ts'
export { gradientByPopularity, type GradientsByPopularity, type ItemGradients } from './gradientByPopularity.ts'
export { groupedBars, type BarValue, type GroupedBars } from './groupedBars.ts'
export { methodDots, type MethodDot, type MethodDots } from './methodDots.ts'
export { popularityGroups, type GroupValue, type PopularityGroups } from './popularityGroups.ts'
export { epochTimes, type EpochTime, type EpochTimes } from './epochTimes.ts'
export { kernelSpeeds, type KernelSpeed, type KernelSpeeds, type SpeedRoof, type SteppedRun } from './kernelSpeeds.ts'
export { scaleCurves, type ScaleCost, type ScaleCurves } from './scaleCurves.ts'
export { throughputBars, type Throughput, type Throughputs } from './throughputBars.ts'

// Numbers as people read them
export { compact, count, fixed } from './formatNumber.ts'

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
export { markup, Markup, type MarkupPart } from './markup.ts'
export { htmlPage, type HtmlPage } from './htmlPage.ts'
export { FIGURE_STYLE } from './figure.ts'
export { seriesColour } from './theme.ts'
export { inlinedSvg } from './inlinedSvg.ts'
export { htmlReport, type Report, type ReportBlock, type ReportSection } from './htmlReport.ts'
