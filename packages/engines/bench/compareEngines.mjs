// The WebAssembly engine beside the WebGPU engine on the software Vulkan driver: the same training steps on both, in turn, in
// one process. Prints a table; with a path as argument, writes the figures there as JSON.
//
//   node packages/engines/bench/compareEngines.mjs [results.json]        after pnpm build; GRADREC_DATA adds real ML-10M
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { simulate } from '@gradrec/data'
import { loadCatalogued } from '@gradrec/data/node'
import { initialTable } from '@gradrec/core'
import { openEngine } from '@gradrec/engines'
import { softwareVulkanEnvironment } from '@gradrec/software-vulkan'
import { currentCommit } from '../../../benchmarks/currentCommit.mjs'

const RESTARTED = 'GRADREC_BENCH_RESTARTED'
const ROUNDS = 3

if (process.env[RESTARTED] === undefined) {
  // The Vulkan loader reads its environment once, when a process starts.
  const env = { ...process.env, ...(await softwareVulkanEnvironment()), [RESTARTED]: '1' }
  const argv = [fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  process.exit(spawnSync(process.execPath, argv, { stdio: 'inherit', env }).status ?? 1)
}

const simulated = (await simulate()).parts.train
const root = process.env['GRADREC_DATA']
const ml10m = root === undefined ? undefined : (await loadCatalogued('ml10m', root)).parts.train

const lazy = {
  kind: 'adam',
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  update: 'lazy',
}
const dense = { ...lazy, update: 'dense' }
const cases = [
  {
    name: 'simulated, mf, d 32, batch 2048',
    interactions: simulated,
    backbone: { kind: 'mf' },
    dimension: 32,
    batch: 2048,
    negatives: 1,
    optimizer: lazy,
    steps: 30,
  },
  {
    name: 'simulated, lgn 2 layers, d 32, batch 2048',
    interactions: simulated,
    backbone: { kind: 'lgn', layers: 2 },
    dimension: 32,
    batch: 2048,
    negatives: 1,
    optimizer: dense,
    steps: 15,
  },
  ...(ml10m === undefined
    ? []
    : [
        {
          name: 'ml10m, mf, d 128, batch 1024 × 4',
          interactions: ml10m,
          backbone: { kind: 'mf' },
          dimension: 128,
          batch: 1024,
          negatives: 4,
          optimizer: lazy,
          steps: 16,
        },
        {
          name: 'ml10m, lgn 2 layers, d 64, batch 2048',
          interactions: ml10m,
          backbone: { kind: 'lgn', layers: 2 },
          dimension: 64,
          batch: 2048,
          negatives: 1,
          optimizer: dense,
          steps: 2,
        },
      ]),
]

const engines = { wasm: await openEngine('wasm'), webgpu: await openEngine('webgpu', { adapter: 'software' }) }
const results = []
for (const { name, steps, negatives, ...rest } of cases) {
  const { interactions, dimension } = rest
  const shape = { users: interactions.rows, items: interactions.columnCount, dimension }
  const spec = {
    ...rest,
    objective: { kind: 'bpr', l2: 1e-5 },
    sampler: { positives: 'interaction', negatives },
    seed: 1,
    initialTable: initialTable(shape, { kind: 'xavier' }, 1),
  }
  const milliseconds = { wasm: [], webgpu: [] }
  const fits = { wasm: await engines.wasm.fit(spec), webgpu: await engines.webgpu.fit(spec) }
  for (const fit of Object.values(fits)) await fit.steps(steps)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [engine, fit] of Object.entries(fits)) {
      const began = performance.now()
      await fit.steps(steps)
      milliseconds[engine].push((performance.now() - began) / steps)
    }
  }
  for (const fit of Object.values(fits)) fit.close()
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  const [wasm, webgpu] = [median(milliseconds.wasm), median(milliseconds.webgpu)]
  results.push({ name, millisecondsPerStep: milliseconds, ratio: webgpu / wasm })
  process.stdout.write(
    `${name.padEnd(44)} wasm ${wasm.toFixed(2)} ms, software WebGPU ${webgpu.toFixed(2)} ms a step: ${(webgpu / wasm).toFixed(1)} ×\n`,
  )
}
const devices = Object.fromEntries(Object.entries(engines).map(([name, { device }]) => [name, device]))
for (const engine of Object.values(engines)) await engine.close()
const [target] = process.argv.slice(2)
if (target !== undefined) {
  const facts = {
    what: 'WebAssembly engine beside WebGPU on software Vulkan',
    date: new Date().toISOString(),
    commit: currentCommit(),
    node: process.version,
    cores: cpus().length,
    devices,
    results,
  }
  writeFileSync(target, `${JSON.stringify(facts, undefined, 2)}\n`)
}
