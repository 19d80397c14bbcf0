import type { Backbone } from '@gradrec/engine'
import type { MethodKind } from '../methods/methods.ts'
import type { TrainConfig } from '../trainConfig.ts'

/** A named, complete configuration, from a paper or for a purpose. */
export interface Recipe {
  readonly name: 'default' | 'macr' | 'dice'
  /** One sentence: where the numbers come from. */
  readonly source: string
  /** Catalogue names of the data sets it was made for. */
  readonly datasets: readonly string[]
  /**
   * The configuration for a backbone.
   *
   * @param dataset a data set's catalogue name, where the recipe tells data sets apart
   * @param method default `gradient`, the paper's
   */
  config(backbone: Backbone['kind'], dataset?: string, method?: MethodKind): TrainConfig
}
