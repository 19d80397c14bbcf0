import { completed, recipeFor, recommend, train, tune } from '@gradrec/core'
import { datasetFromInteractions } from '@gradrec/data'
import { readFile } from '@gradrec/data/node'
import { openEngine } from '@gradrec/engines'

const engine = await openEngine('auto') // a GPU if there is one, else WebAssembly SIMD
const ratings = await readFile('ratings.csv')
const dataset = await datasetFromInteractions(ratings, { name: 'ratings', split: { kind: 'intervened' } })
const trained = await completed(train(dataset, recipeFor('ratings').config('mf'), engine))
const { model, best } = await tune(trained, dataset, engine) // how much popularity to subtract, by validation
const lists = await recommend(model, engine, { users: ['1', '2'], k: 5 })
console.log(best.dials, lists)
await engine.close()
