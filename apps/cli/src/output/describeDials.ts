import { metricLabel, metricValue, methodOf, type Dials, type Model, type Tuned } from '@gradrec/core'
import type { DialChoice } from '../run/chooseDials.ts'
import { flagOf } from '../settings/trainSettings.ts'
import { PART_LABELS } from './partLabels.ts'

/** A dial's name as the literature writes it: `alphaItem` → `αItem`. */
export function dialLabel(name: string): string {
  return name.replace(/^alpha/, 'α')
}

/** Without the digits that 0.1 + 0.2 leaves behind. */
export function dialValue(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** `αItem 0.4, αUser 0.4`. */
export function describeDials(dials: Dials): string {
  const set = Object.entries(dials).map(([name, value]) => `${dialLabel(name)} ${dialValue(value)}`)
  return set.length > 0 ? set.join(', ') : 'off'
}

/** Where a model's dials stand; `none` for a method without any. */
export function describeDialsOf({ dials, config: { method } }: Pick<Model, 'dials' | 'config'>): string {
  return Object.keys(methodOf(method).dials).length === 0 ? 'none' : describeDials(dials)
}

/** The same in short for α's that are all turned alike: `α 0.4`; empty for a model without dials. */
export function describeStrength(dials: Dials): string {
  const [strength, ...others] = Object.values(dials)
  if (strength === undefined) return ''
  const areAlike = others.every((value) => value === strength)
  const areAlphas = Object.keys(dials).every((name) => dialLabel(name).startsWith('α'))
  return areAlike && areAlphas ? `α ${dialValue(strength)}` : describeDials(dials)
}

/** A model's dials and where they come from, in a line; `undefined` for a method that has none. */
export function describeChoice(
  { dials, config }: Pick<Model, 'dials' | 'config'>,
  choice: DialChoice,
): string | undefined {
  switch (choice.kind) {
    case 'none':
      return undefined
    case 'off': {
      const flags = Object.keys(methodOf(config.method).dials).map((name) => `--${flagOf(name)}`)
      return `off: there is no validation part to tune them on; set them with ${flags.join(' and ')}`
    }
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
