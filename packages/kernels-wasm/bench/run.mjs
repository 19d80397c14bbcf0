// pnpm bench: the WebAssembly engine against scalar loops, and two threads against one. All sides of a comparison run in turns
// in one process, so that a busy machine hurts them alike; medians and minima of several rounds.
//
//     GRADREC_DATA=/path/to/data node bench/run.mjs [--out results.json] [--rounds 5] [--only mf|lgn|dice|record|rank|variants]
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { interactionGraph } from '@gradrec/engine'
import { openWasmEngine } from '../dist/index.js'
import { benchmarkData, randomValues } from './data.mjs'
import { currentCommit } from '../../../benchmarks/currentCommit.mjs'
import { scalarLayer, ScalarFactors, scalarRank } from './scalar.mjs'

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, rounds: { type: 'string', default: '5' }, only: { type: 'string' } },
})
const rounds = Number(options.rounds)
const print = (text) => process.stdout.write(`${text}\n`)
const { name, interactions } = await benchmarkData()
const rows = interactions.rows + interactions.columnCount
const adam = {
  kind: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}
const one = await openWasmEngine({ threads: 1 })
const two = await openWasmEngine({ threads: 2 })
const results = []

/** Times every side once a round, in turns. */
async function compare(title, unit, sides) {
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [side, measure] of Object.entries(sides)) times[side].push(await measure())
  }
  const row = { title, unit, sides: {} }
  for (const [side, all] of Object.entries(times)) {
    all.sort((a, b) => a - b)
    row.sides[side] = { median: all[all.length >> 1], minimum: all[0] }
  }
  results.push(row)
  print(`${title} (${unit})`)
  const first = Object.values(row.sides)[0]
  for (const [side, { median, minimum }] of Object.entries(row.sides)) {
    const ratio = `${(first.median / median).toFixed(2)}× by medians, ${(first.minimum / minimum).toFixed(2)}× by minima`
    print(
      `  ${side.padEnd(16)} median ${median.toFixed(3).padStart(9)}  minimum ${minimum.toFixed(3).padStart(9)}   ${ratio}`,
    )
  }
}

async function clock(work) {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

const wanted = (part) => options.only === undefined || options.only === part
const spec = (changes) => ({
  dimension: 64,
  interactions,
  backbone: { kind: 'mf' },
  objective: { kind: 'bpr', l2: 0 },
  sampler: { positives: 'interaction', negatives: 4 },
  optimizer: { ...adam, update: 'lazy' },
  batch: 1024,
  seed: 1,
  initialTable: randomValues(rows * (changes.dimension ?? 64)),
  ...changes,
})

print(
  `${name}: ${interactions.rows} users × ${interactions.columnCount} items, ${interactions.columns.length} interactions`,
)
print(`${one.device.name}, ${availableParallelism()} cores, Node ${process.version}\n`)

if (wanted('mf')) {
  for (const [dimension, batch] of [
    [64, 1024],
    [128, 1024],
    [128, 8192],
  ]) {
    const run = spec({ dimension, batch })
    const [fit1, fit2] = [await one.fit(run), await two.fit(run)]
    const planned = await one.fit(run)
    const steps = fit1.stepsAtOnce
    const scalar = new ScalarFactors({
      interactions,
      dimension,
      batch,
      negatives: 4,
      table: run.initialTable,
      horizon: steps,
    })
    // Past the first steps, whose drift takes more blocks.
    for (const fit of [fit1, fit2]) await fit.steps(10 * steps)
    scalar.t = 10 * steps
    scalar.run()
    await compare(`MF, d ${dimension}, batch ${batch}, 4 negatives, lazy Adam, one step`, 'ms', {
      scalar: async () => (await clock(() => scalar.run())) / steps,
      '1 thread': async () => (await clock(() => fit1.steps(steps))) / steps,
      '2 threads': async () => (await clock(() => fit2.steps(steps))) / steps,
      'plan, 1 thread': async () => (await clock(() => planned.plan(steps))) / steps,
    })
    const { sides } = results.at(-1)
    const epoch = (side) => ((sides[side].minimum * fit1.stepsPerEpoch) / 1000).toFixed(2)
    print(`  an epoch: ${epoch('1 thread')} s on one thread, ${epoch('2 threads')} s on two (by minima)\n`)
    for (const fit of [fit1, fit2, planned]) fit.close()
  }
}

if (wanted('lgn')) {
  const graph = interactionGraph(interactions)
  for (const dimension of [64, 128]) {
    const table = { rows, dimension, values: randomValues(rows * dimension) }
    const y = new Float32Array(rows * dimension)
    const layer = async (engine) => {
      // Ten layers and one, so that copying in and out cancels.
      const many = await clock(() => engine.propagate(table, graph, 11))
      const few = await clock(() => engine.propagate(table, graph, 1))
      return (many - few) / 10
    }
    await compare(`a propagation layer, d ${dimension}`, 'ms', {
      scalar: () => clock(() => scalarLayer(graph, table.values, y, dimension)),
      '1 thread': () => layer(one),
      '2 threads': () => layer(two),
    })
  }
  const run = spec({
    backbone: { kind: 'lgn', layers: 2 },
    batch: 2048,
    sampler: { positives: 'interaction', negatives: 1 },
    optimizer: adam,
  })
  const [fit1, fit2] = [await one.fit(run), await two.fit(run)]
  for (const fit of [fit1, fit2]) await fit.steps(2)
  await compare('LightGCN, d 64, 2 layers, batch 2048, Adam, one step', 'ms', {
    '1 thread': async () => (await clock(() => fit1.steps(3))) / 3,
    '2 threads': async () => (await clock(() => fit2.steps(3))) / 3,
  })
  for (const fit of [fit1, fit2]) fit.close()
}

if (wanted('dice')) {
  const popularity = new Uint32Array(interactions.columnCount)
  for (const item of interactions.columns) popularity[item]++
  const weights = { l2: 0, popularity, interest: 0.1, conformity: 0.1, decay: 0.9 }
  for (const batch of [128, 1024]) {
    for (const [threads, engine] of [
      ['1 thread', one],
      ['2 threads', two],
    ]) {
      const steps = batch === 128 ? 24 : 4
      const fits = {}
      for (const kind of ['none', 'l2', 'dCor']) {
        const objective = { kind: 'dice', ...weights, discrepancy: { kind, weight: 0.01 } }
        fits[kind] = await engine.fit(spec({ dimension: 128, batch, objective }))
        await fits[kind].steps(2 * steps)
      }
      const sides = Object.entries(fits).map(([kind, fit]) => [
        `discrepancy ${kind}`,
        async () => (await clock(() => fit.steps(steps))) / steps,
      ])
      await compare(`DICE, d 128, batch ${batch}, ${threads}, one step`, 'ms', Object.fromEntries(sides))
      for (const fit of Object.values(fits)) fit.close()
    }
  }
}

if (wanted('record')) {
  const runs = {
    'MF, d 128, batch 1024, 4 negatives, lazy Adam': { dimension: 128 },
    'MF, d 128, batch 1024, 4 negatives, Adam': { dimension: 128, optimizer: adam },
    'LightGCN, d 64, 2 layers, batch 2048, Adam': {
      backbone: { kind: 'lgn', layers: 2 },
      batch: 2048,
      sampler: { positives: 'interaction', negatives: 1 },
      optimizer: adam,
    },
  }
  for (const [title, changes] of Object.entries(runs)) {
    const steps = changes.backbone === undefined ? 64 : 3
    for (const [threads, engine] of [
      ['1 thread', one],
      ['2 threads', two],
    ]) {
      const fits = {}
      for (const recording of ['none', 'vector', 'gradient']) {
        fits[recording] = await engine.fit(spec({ ...changes, recording }))
        await fits[recording].steps(steps)
      }
      const sides = Object.entries(fits).map(([recording, fit]) => [
        `records ${recording}`,
        async () => (await clock(() => fit.steps(steps))) / steps,
      ])
      await compare(`${title}, ${threads}, one step`, 'ms', Object.fromEntries(sides))
      for (const fit of Object.values(fits)) fit.close()
    }
  }
}

if (wanted('variants')) {
  // Two dials of eleven strengths each: every variant subtracts other shares of two directions.
  const [count, dimension] = [4096, 128]
  const matrix = (length, width) => ({ rows: length, dimension: width, values: randomValues(length * width) })
  const [u, i] = [matrix(count, dimension), matrix(interactions.columnCount, dimension)]
  const weights = matrix(count, 2)
  const users = Array.from({ length: 121 }, (_, variant) => ({
    ...weights,
    values: weights.values.map((value, n) => value * (n % 2 === 0 ? Math.floor(variant / 11) : variant % 11)),
  }))
  const corrections = { items: matrix(interactions.columnCount, 2), users }
  await compare(`${count} users × ${interactions.columnCount} items, d ${dimension}, top 20`, 's', {
    'rank, 1 thread': async () => (await clock(() => one.rank(u, i, { k: 20 }))) / 1000,
    '121 variants': async () => (await clock(() => one.rankVariants(u, i, corrections, { k: 20 }))) / 1000,
    'rank, 2 threads': async () => (await clock(() => two.rank(u, i, { k: 20 }))) / 1000,
    '121 variants, 2': async () => (await clock(() => two.rankVariants(u, i, corrections, { k: 20 }))) / 1000,
  })
}

if (wanted('rank')) {
  for (const [users, items, dimension] of [
    [37_962, 4_819, 128],
    [29_858, 40_981, 64],
  ]) {
    const matrix = (count) => ({ rows: count, dimension, values: randomValues(count * dimension) })
    const [u, i] = [matrix(users), matrix(items)]
    await compare(`rank ${users} users × ${items} items, d ${dimension}, top 20`, 's', {
      scalar: async () =>
        ((await clock(() => scalarRank(u.values, i.values, dimension, 20, 100))) / 1000) * (users / 100),
      '1 thread': async () => (await clock(() => one.rank(u, i, { k: 20 }))) / 1000,
      '2 threads': async () => (await clock(() => two.rank(u, i, { k: 20 }))) / 1000,
    })
  }
}

if (options.out !== undefined) {
  const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version }
  writeFileSync(
    options.out,
    `${JSON.stringify({ date: new Date().toISOString(), commit: currentCommit(), data: name, machine, rounds, results }, null, 2)}\n`,
  )
}
await one.close()
await two.close()
