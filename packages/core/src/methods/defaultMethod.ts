import { RECOMMENDED_DIRECTIONS } from './directions.ts'
import type { GradientConfig, MethodConfig } from './methodConfig.ts'

/** The paper's method with the readings that METHODS.md §2.3 recommends: E, Algorithm 1's plain vectors; I, the true gradient. */
export const RECOMMENDED_GRADIENT: GradientConfig = {
  kind: 'gradient',
  userNorm: 'unit',
  recording: 'vector',
  directions: RECOMMENDED_DIRECTIONS,
}

/** A method with its recommended options. */
export function recommendedMethod(kind: MethodConfig['kind']): MethodConfig {
  return kind === 'gradient' ? RECOMMENDED_GRADIENT : { kind }
}
