import { groupedBars, type BarValue } from './groupedBars.ts'

export interface GroupValue extends BarValue {
  /** `1` for the most popular items, as the paper numbers them, or any other name. */
  readonly group: string
}

export interface PopularityGroups {
  /** Data set, and what the groups are. */
  readonly title: string
  /** What the bars measure: `Recall@20` or `recommendations`. */
  readonly measure: string
  /** Groups and models are shown in the order in which they first appear. */
  readonly values: readonly GroupValue[]
}

/** The paper's Figs. 5 and 6: bars of several models side by side for each group of items by popularity. */
export function popularityGroups({ title, measure, values }: PopularityGroups): string {
  const models = [...new Set(values.map(({ model }) => model))]
  const groups = new Set(values.map(({ group }) => group))
  return groupedBars({
    title,
    measure,
    subtitle: `${measure} by item popularity`,
    axis: 'group of items, most popular first',
    description: `Bars of ${measure} for ${models.join(', ')} in ${groups.size} groups of items.`,
    values,
  })
}
