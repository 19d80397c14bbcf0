import { BACKBONES, PAPER_DATASETS, type BackboneKind, type PaperDataset } from './paper.ts'

/** What a table or figure has of one data set, where models are trained with one backbone: it is measured as a whole. */
export interface Group {
  readonly dataset: PaperDataset
  readonly backbone?: BackboneKind
}

/** `ml10m-lgn`; of data alone, `ml10m`. */
export function groupName({ dataset, backbone }: Group): string {
  return backbone === undefined ? dataset : `${dataset}-${backbone}`
}

/** All there can be, in the paper's order: what is of a data set alone, then its backbones. */
export const GROUPS: readonly Group[] = PAPER_DATASETS.flatMap((dataset) => [
  { dataset },
  ...BACKBONES.map((backbone) => ({ dataset, backbone })),
])
const NAMES = GROUPS.map(groupName)

/** In the paper's order; what is of one group stays as it is. */
export function inGroupOrder<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return items.toSorted((a, b) => NAMES.indexOf(nameOf(a)) - NAMES.indexOf(nameOf(b)))
}

/** The name of a cell's group, from the cell's name with or without a seed; also where its data set was split anew. */
export function groupOfCell(cell: string): string {
  return cell.replace(/^([^-]+)(?:-mix)?-([^-]+).*$/, '$1-$2')
}

/** `table3-ml10m-lgn.svg` → `ml10m-lgn`. */
export function groupOfDrawing(drawing: string): string {
  return drawing.replace(/^[^-]+-(.*)\.svg$/, '$1')
}
