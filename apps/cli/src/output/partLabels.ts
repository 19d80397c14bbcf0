import type { EvaluatedPart } from '@gradrec/core'

/** What people call the parts of a data set. */
export const PART_LABELS: Readonly<Record<EvaluatedPart, string>> = {
  validation: 'validation',
  test: 'test',
  biasedTest: 'biased test',
}
