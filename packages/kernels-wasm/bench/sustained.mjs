// Whether training slows down as it goes on (numbers that fade away used to become denormal, and arithmetic on those is many
// times slower): a run that has trained for many epochs beside one that has just begun, epoch by epoch in turns, so that a busy
// machine slows both alike. Matrix factorisation, d 128, batch 1024, 4 negatives, lazy Adam.
//
//     GRADREC_DATA=/path/to/data node bench/sustained.mjs [--epochs 40] [--threads 2] [--out results.json]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openWasmEngine } from '../dist/index.js'
import { benchmarkData, randomValues } from './data.mjs'
import { currentCommit } from '../../../benchmarks/currentCommit.mjs'

const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '40' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
})
const { name, interactions } = await benchmarkData()
const engine = await openWasmEngine({ threads: Number(options.threads) })
const spec = {
  dimension: 128,
  interactions,
  backbone: { kind: 'mf' },
  objective: { kind: 'bpr', l2: 0 },
  sampler: { positives: 'interaction', negatives: 4 },
  optimizer: {
    kind: 'adam',
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    amsgrad: false,
    update: 'lazy',
  },
  batch: 1024,
  seed: 1,
  initialTable: randomValues((interactions.rows + interactions.columnCount) * 128),
}
const epochs = Number(options.epochs)
const [late, early] = [await engine.fit(spec), await engine.fit(spec)]
const seconds = async (fit) => {
  const began = performance.now()
  await fit.steps(fit.stepsPerEpoch)
  return (performance.now() - began) / 1000
}
await seconds(early)
const begun = await early.read()
for (let epoch = 1; epoch < epochs; epoch++) await seconds(late)
const rounds = []
for (let round = 0; round < 7; round++) {
  await early.restore(begun)
  rounds.push({ early: await seconds(early), late: await seconds(late) })
  const { early: first, late: last } = rounds.at(-1)
  process.stdout.write(`epoch 2: ${first.toFixed(2)} s, epoch ${epochs + round}: ${last.toFixed(2)} s\n`)
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const ratio = median(rounds.map((round) => round.late / round.early))
process.stdout.write(`median ratio ${ratio.toFixed(2)}\n`)
if (options.out !== undefined) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, threads: engine.threads }
  const facts = {
    date: new Date().toISOString(),
    commit: currentCommit(),
    data: name,
    machine,
    secondsOfEpochs: seconds,
    lateOverEarly: late / early,
  }
  writeFileSync(options.out, `${JSON.stringify(facts, undefined, 2)}\n`)
}
await engine.close()
