import { completed, RECIPES, train, type Checkpoint, type Model, type TrainConfig } from '@gradrec/core'
import { simulate, type Dataset } from '@gradrec/data'
import { openOracleEngine } from '@gradrec/oracle'

export const engine = openOracleEngine()

/** A data set that trains in no time. */
export const dataset: Dataset = await simulate({
  users: 40,
  items: 24,
  trainInteractions: 280,
  validationInteractions: 60,
  testInteractions: 60,
  biasedTestInteractions: 40,
})

/** Of so small a run, with all that a run can have: recorded gradients, validations, Adam's moments. */
export function tinyConfig(method: TrainConfig['method']['kind'], backbone: 'mf' | 'lgn' = 'mf'): TrainConfig {
  const recipe = RECIPES.default.config(backbone, undefined, method)
  return { ...recipe, dimension: 8, batch: 64, epochs: 4, evaluateEvery: 1, k: 5, watch: 'recall@5', patience: 0 }
}

/** A run and the checkpoints it saved, one an epoch. */
export async function trainedRun(config: TrainConfig): Promise<{ model: Model; checkpoints: readonly Checkpoint[] }> {
  const checkpoints: Checkpoint[] = []
  const save = async (checkpoint: Checkpoint): Promise<void> => void checkpoints.push(checkpoint)
  const training = train(dataset, config, engine, { checkpoints: { save, everySeconds: 0 } })
  return { model: await completed(training), checkpoints }
}
