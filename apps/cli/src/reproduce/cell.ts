import type { MethodKind } from '@gradrec/core'
import type { BackboneKind, PaperDataset } from './paper.ts'

/**
 * How a training differs from its method's own: `noNorm` is Table V's w/o norm, users as long as they are in training (METHODS.md
 * §2.3 R); Fig. 4 sets the loss.
 */
export type Variant = 'noNorm' | 'bpr' | 'bce'

/** Each as flags of `gradrec train`. */
export const VARIANTS: Readonly<Record<Variant, Readonly<Record<string, string>>>> = {
  noNorm: { 'user-norm': 'none' },
  bpr: { loss: 'bpr' },
  bce: { loss: 'bce' },
}

/** One training that an artefact needs: a cell of Table III with a seed, or a variant of one. */
export interface Cell {
  readonly dataset: PaperDataset
  readonly backbone: BackboneKind
  readonly method: MethodKind
  readonly variant?: Variant
  /**
   * `mix`: on the data set split anew for Fig. 7, with equal training for every share of intervened test data. Default: as its recipe
   * says.
   */
  readonly split?: 'mix'
  readonly seed: number
}

/** A cell that an artefact shows; an optional one is shown where it has been trained, and never trained for it. */
export interface NeededCell {
  readonly cell: Cell
  readonly isOptional?: boolean
}

/** `ml10m-mf-gradient-noNorm-s1`: equal cells have equal names. */
export function cellName({ seed, ...rest }: Cell): string {
  return `${settingsName(rest)}-s${seed}`
}

/** The same without the seed. */
export function settingsName({ dataset, split, backbone, method, variant }: Omit<Cell, 'seed'>): string {
  return [split === undefined ? dataset : `${dataset}-${split}`, backbone, method, ...(variant ? [variant] : [])].join(
    '-',
  )
}
