import { metricLabel, metricValue, type Model } from '@gradrec/core'
import { alphaSurface } from '@gradrec/report'
import type { TunedResults } from '../run/results.ts'
import { PART_LABELS } from './partLabels.ts'

/** The dials of the paper's Fig. 8, across and up. */
const DRAWN = ['alphaItem', 'alphaUser'] as const

/** The tuned metric over αItem and αUser as SVG; `undefined` for a method with other dials, which a table shows as well. */
export function dialSurface(
  { config, dataset }: Pick<Model, 'config' | 'dataset'>,
  { grids, metric, part, settings }: Pick<TunedResults, 'grids' | 'metric' | 'part' | 'settings'>,
): string | undefined {
  const names = Object.keys(grids)
  if (names.length !== DRAWN.length || !DRAWN.every((name) => names.includes(name))) return undefined
  return alphaSurface({
    dataset: `${dataset}, ${PART_LABELS[part]}`,
    model: config.backbone.kind,
    metric: metricLabel(metric),
    points: settings.map(({ dials: { alphaItem = 0, alphaUser = 0 }, metrics }) => ({
      alphaItem,
      alphaUser,
      value: metricValue(metrics, metric),
    })),
  })
}
