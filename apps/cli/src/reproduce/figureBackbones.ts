import type { BackboneKind } from './paper.ts'
import type { Selection } from './selection.ts'

/** The backbones of a figure that the paper has for matrix factorisation alone: LightGCN only where it alone is asked for. */
export function figureBackbones({ backbones }: Pick<Selection, 'backbones'>): readonly BackboneKind[] {
  return backbones.includes('mf') ? ['mf'] : backbones
}
