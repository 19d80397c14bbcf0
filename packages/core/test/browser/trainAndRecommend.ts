import { simulate } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { openWebGpuEngine } from '@gradrec/kernels'
import { completed, recipeFor, recommend, train, tune, type Dials, type UserRecommendations } from '../../src/index.ts'

export interface Recommended {
  readonly engine: string
  readonly dials: Dials
  readonly lists: readonly UserRecommendations[]
}

/** A whole life of a model in a browser tab, on WebGPU: train, tune, recommend. */
export default async function trainAndRecommendInPage(): Promise<Recommended> {
  return trainAndRecommend(await openWebGpuEngine())
}

/** The same on any engine, which is closed. */
export async function trainAndRecommend(engine: Engine): Promise<Recommended> {
  const dataset = await simulate({
    users: 60,
    items: 40,
    trainInteractions: 700,
    validationInteractions: 200,
    testInteractions: 200,
    biasedTestInteractions: 100,
  })
  const config = { ...recipeFor('simulated').config('lgn'), dimension: 8, batch: 256, epochs: 6, evaluateEvery: 3 }
  const trained = await completed(train(dataset, config, engine))
  const { model } = await tune(trained, dataset, engine, { grid: [0, 0.5, 1] })
  const lists = await recommend(model, engine, { users: ['3', '17', 'nobody'], k: 5 })
  await engine.close()
  return { engine: engine.name, dials: model.dials, lists }
}
