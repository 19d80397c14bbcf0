// Tries settings on the validation part alone; the test part is never looked at.
//
//   GRADREC_DATA=<folder> node benchmarks/search.mjs --dataset adressa --backbone mf --method dice \
//     --set lossDecay=0.9,0.99 --set learningRate=1e-3,5e-3 --out <file.jsonl>
//
// Every combination of the values starts from the data set's recipe. One line a combination is added to the file, with the best
// validation, its epoch and dials; combinations that the file already has are passed over, so a stopped search goes on.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { RECIPES, methodOptions, recipeFor, train } from '../packages/core/dist/index.js'
import { loadCatalogued } from '../packages/data/dist/node/index.js'
import { openEngine } from '../packages/engines/dist/index.js'
import { currentCommit } from './currentCommit.mjs'

/** Settings of the plateau schedule, as `gradrec train` names them, and as the schedule does. */
const PLATEAU = {
  rateFactor: 'factor',
  ratePatience: 'patience',
  rateThreshold: 'threshold',
  minimumRate: 'minimumRate',
}

const { values: asked } = parseArgs({
  options: {
    dataset: { type: 'string' },
    protocol: { type: 'string' },
    recipe: { type: 'string' },
    backbone: { type: 'string', default: 'mf' },
    method: { type: 'string', default: 'gradient' },
    set: { type: 'string', multiple: true, default: [] },
    threads: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const recipe = asked.recipe === undefined ? recipeFor(asked.dataset) : RECIPES[asked.recipe]
const start = recipe.config(asked.backbone, asked.dataset, asked.method)
const dataset = await loadCatalogued(asked.dataset, process.env.GRADREC_DATA ?? 'data', {
  ...(asked.protocol && { protocol: asked.protocol }),
})
const engine = await openEngine('wasm', { threads: Number(asked.threads) })
const commit = currentCommit()
for (const given of combinations(asked.set.map(parseValues))) {
  const settings = Object.fromEntries(given)
  const key = {
    dataset: dataset.name,
    dataHash: dataset.hash,
    backbone: asked.backbone,
    method: asked.method,
    settings,
  }
  if (known(key)) continue
  const config = given.reduce(withSetting, start)
  let best
  let last
  /** Epoch and validation by what is watched. */
  const curve = []
  const run = train(dataset, config, engine)
  try {
    for (;;) {
      const { done, value: event } = await run.next()
      if (done) break
      if (event.type === 'epoch') last = event
      if (event.type !== 'validation') continue
      curve.push([event.epoch, Number(event.metrics[config.watch].toFixed(4))])
      process.stderr.write(`${JSON.stringify(settings)} epoch ${curve.at(-1).join(': ')}\n`)
      if (best === undefined || event.best) best = event
    }
  } catch (error) {
    process.stdout.write(`${JSON.stringify(settings)} ${String(error)}\n`)
    continue
  }
  const { metrics, dials, epoch } = best
  const line = JSON.stringify({ ...key, epoch, epochs: last.epoch, watch: config.watch, dials, metrics, curve, commit })
  if (asked.out !== undefined) appendFileSync(asked.out, `${line}\n`)
  const shown = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`)
  process.stdout.write(
    `${JSON.stringify(settings)} epoch ${epoch}/${last.epoch} ${JSON.stringify(dials)} ${shown.join(' ')}\n`,
  )
}
await engine.close()

function known(key) {
  if (asked.out === undefined || !existsSync(asked.out)) return false
  const prefix = JSON.stringify(key).slice(0, -1)
  return readFileSync(asked.out, 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`${prefix},`))
}

/** `name=a,b` as a name with its values, numbers where they are. */
function parseValues(text) {
  const [name, list] = text.split('=')
  return list.split(',').map((word) => [name, word === 'true' ? true : word === 'false' ? false : toNumber(word)])
}

function toNumber(word) {
  return word === '' || Number.isNaN(Number(word)) ? word : Number(word)
}

function combinations(lists) {
  return lists.reduce((all, list) => all.flatMap((some) => list.map((one) => [...some, one])), [[]])
}

/** A setting goes where its name is: the method's options, the optimizer's fields, the backbone's, or the run's own. */
function withSetting(config, [name, value]) {
  if (Object.hasOwn(methodOptions(config.method.kind), name)) {
    return { ...config, method: { ...config.method, [name]: value } }
  }
  if (Object.hasOwn(config.optimizer, name)) return { ...config, optimizer: { ...config.optimizer, [name]: value } }
  if (name === 'layers' || name === 'dropout') return { ...config, backbone: { ...config.backbone, [name]: value } }
  if (name === 'schedule' && value === 'constant') return { ...config, schedule: { kind: 'constant' } }
  if (Object.hasOwn(PLATEAU, name)) return { ...config, schedule: { ...config.schedule, [PLATEAU[name]]: value } }
  if (!Object.hasOwn(config, name)) throw new Error(`no setting is named ${name}`)
  return { ...config, [name]: value }
}
