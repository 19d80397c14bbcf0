import { FIGURE_STYLE, seriesColour } from '@gradrec/report'

/** What the report adds to the style of every page. */
export const REPORT_STYLE: string = `${FIGURE_STYLE}
body { max-width: 62rem; }
p, li, dd { max-width: 46rem; }
h2 { font-size: 1.375rem; margin-top: 3.5rem; scroll-margin-top: 1rem; }
h3 { font-size: 1.0625rem; margin: 1.75rem 0 0.5rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.375rem; }
a { color: inherit; text-decoration-color: ${seriesColour(0)}; text-decoration-thickness: 2px; text-underline-offset: 3px; }
a:hover { text-decoration-thickness: 3px; }
:focus-visible { outline: 2px solid ${seriesColour(0)}; outline-offset: 2px; }
.abstract { font-size: 1.125rem; }
.banner { border: 2px solid ${seriesColour(1)}; border-radius: 6px; padding: 0.625rem 1rem; max-width: none; font-weight: 600; }
nav ul { list-style: none; padding: 0; margin: 1.5rem 0 0; display: flex; flex-wrap: wrap; gap: 0.375rem 1.125rem; }
.missing, .place, .found, .theirs, .subject { color: var(--muted); }
.place { white-space: nowrap; }
.lead { font-size: 1.0625rem; }
.table { margin: 1.25rem 0 1.75rem; overflow: visible; }
.table figcaption { margin: 0 0 0.375rem; font-size: 0.9375rem; }
.scrolls { overflow-x: auto; }
.scrolls th:first-child { position: sticky; left: 0; background: var(--background); }
th, td { padding: 0.3125rem 0.625rem; }
.theirs { font-size: 0.8125rem; font-weight: 400; }
th.number { text-align: right; }
th.words, td.words { text-align: left; }
th.long, td.long { white-space: normal; min-width: 10rem; }
thead th { vertical-align: bottom; }
tbody td, tbody th { vertical-align: top; }
.emphasised > * { font-weight: 700; }
.short { width: 100%; }
.short th, .short td { white-space: normal; text-align: left; vertical-align: top; }
.short th { white-space: nowrap; font-weight: 600; }
.short td { width: 100%; }
.subject { display: block; }
.missing .subject { display: inline; }
.drawings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0.75rem 1.5rem; overflow: visible; }
.drawings.wide { grid-template-columns: minmax(0, 1fr); }
.drawings figcaption { grid-column: 1 / -1; max-width: 46rem; }
.drawing { overflow-x: auto; }
.drawing > svg { min-width: var(--least); }
.claims { list-style: none; padding: 0; }
.claims li { border-left: 4px solid; padding-left: 0.75rem; margin: 0.625rem 0; }
.claims .holds { border-color: ${seriesColour(2)}; }
.claims .fails { border-color: ${seriesColour(1)}; }
.found { display: block; font-size: 0.9375rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
code { font-size: 0.875em; overflow-wrap: anywhere; }
pre { margin: 0.25rem 0 0.75rem; }
pre code { user-select: all; font-size: inherit; overflow-wrap: normal; }
dl { row-gap: 0.375rem; font-size: 0.9375rem; margin: 0.5rem 0; }
dd { grid-column: -2; }
.differences li { margin-bottom: 0.5rem; }
@media (max-width: 36rem) {
  body { padding: 1.25rem 1rem 3rem; }
  dl { grid-template-columns: minmax(0, 1fr); }
  dd { margin-bottom: 0.375rem; }
  .theirs { display: block; }
  thead th.number { white-space: normal; }
}
@media print {
  h2, h3, h4, summary, .table figcaption { break-after: avoid; }
  .drawing, li, tr { break-inside: avoid; }
  .scrolls, .drawing { overflow: visible; }
  th, td { padding: 0.2rem 0.4rem; font-size: 0.75rem; }
  .theirs { font-size: 0.6875rem; }
  th.long, td.long { min-width: 6rem; }
  pre { white-space: pre-wrap; }
  nav { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
}`
