import type { MethodKind } from '@gradrec/core'
import type { BackboneKind, PaperDataset } from './paper.ts'

/** What of the paper is to be reproduced. */
export interface Selection {
  /** `undefined`: each artefact's own, as in the paper. */
  readonly datasets: readonly PaperDataset[] | undefined
  readonly backbones: readonly BackboneKind[]
  /** Rows of Table III that are trained. */
  readonly methods: readonly MethodKind[]
  readonly seeds: readonly number[]
  /** On tiny simulated data, for a look at how everything works: nothing of it is a result. */
  readonly quick: boolean
}

/** The seed of figures and of whatever is not a mean over seeds. */
export function firstSeed({ seeds }: Pick<Selection, 'seeds'>): number {
  return seeds[0] ?? 1
}
