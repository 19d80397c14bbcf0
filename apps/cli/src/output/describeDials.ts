import type { DialName, Dials, Tuned } from '@gradrec/core'
import { metricLabel, metricValue } from '@gradrec/core'
import type { DialChoice } from '../run/chooseDials.ts'
import { PART_LABELS } from './partLabels.ts'

const DIAL_LABELS: Readonly<Record<DialName, string>> = { alphaItem: 'αItem', alphaUser: 'αUser' }

/** `αItem 0.4, αUser 0.4`. */
export function describeDials(dials: Dials): string {
  const set = (Object.keys(DIAL_LABELS) as DialName[]).flatMap((name) =>
    dials[name] === undefined ? [] : [`${DIAL_LABELS[name]} ${round(dials[name])}`],
  )
  return set.length > 0 ? set.join(', ') : 'off'
}

/** The same in short for dials that are all turned alike: `α 0.4`; empty for a model without dials. */
export function describeStrength(dials: Dials): string {
  const [strength] = Object.values(dials)
  return strength === undefined ? '' : `α ${round(strength)}`
}

/** A model's dials and where they come from, in a line; `undefined` for a method that has none. */
export function describeChoice(dials: Dials, choice: DialChoice): string | undefined {
  switch (choice.kind) {
    case 'none':
      return undefined
    case 'off':
      return 'off: there is no validation part to tune them on; set them with --alpha-item and --alpha-user'
    case 'given':
      return `${describeDials(dials)}, as given`
    case 'tuned':
      if (Object.values(dials).some((value) => value !== 0)) {
        return `${describeDials(dials)} (${describeGain(choice.tuned)})`
      }
      return (
        `off: no setting ranks the ${PART_LABELS[choice.tuned.part]} part better (${describeGain(choice.tuned)}); where it is drawn ` +
        'like the training part, popularity pays'
      )
  }
}

/** `validation Recall@20 0.1234 → 0.1456`, from all dials at 0 to the best setting. */
function describeGain({ part, metric, settings, best }: Tuned): string {
  const off = settings.find(({ dials }) => Object.values(dials).every((value) => value === 0))
  const values = [...new Set([off ?? best, best])].map(({ metrics }) => metricValue(metrics, metric).toFixed(4))
  return `${PART_LABELS[part]} ${metricLabel(metric)} ${values.join(' → ')}`
}

/** Without the digits that 0.1 + 0.2 leaves behind. */
function round(value: number): string {
  return String(Number(value.toPrecision(6)))
}
