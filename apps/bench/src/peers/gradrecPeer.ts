// usage: node gradrecPeer.js FOLDER mf|lgn wasm|webgpu lazy|dense THREADS — gradrec as one of the peers, one JSON object a line.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Fit, FitSpec, Matrix } from '@gradrec/engine'
import { openEngine } from '@gradrec/engines'
import { encodeNpy } from '@gradrec/model-files'
import type { Answers, Request } from './messages.ts'
import { readHandOver } from './readHandOver.ts'
import type { PeerModel } from './trainingSettings.ts'

const [folder = '', model = 'mf', engineKind = 'wasm', update = 'dense', threads = '1'] = process.argv.slice(2)

const engine =
  engineKind === 'webgpu'
    ? await openEngine('webgpu', { adapter: 'hardware' })
    : await openEngine('wasm', { threads: Number(threads) })
const fit = await engine.fit(await specOf(model === 'lgn' ? 'lgn' : 'mf', update === 'lazy' ? 'lazy' : 'dense'))

answer({
  ready: true,
  stepsPerEpoch: fit.stepsPerEpoch,
  stepsAtOnce: update === 'lazy' ? fit.stepsAtOnce : 1,
  versions: { device: engine.device.name, node: process.version },
})
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request
  answer('steps' in request ? await steps(fit, request.steps) : await save(fit, request.save))
}
fit.close()
await engine.close()

async function specOf(kind: PeerModel, adamUpdate: 'lazy' | 'dense'): Promise<FitSpec> {
  const { settings, interactions, initialTable } = await readHandOver(folder)
  return {
    dimension: settings.dimension,
    interactions,
    backbone: kind === 'mf' ? { kind: 'mf' } : { kind: 'lgn', layers: settings.layers },
    objective: { kind: 'bpr', l2: 0 },
    sampler: { positives: 'interaction', negatives: 1 },
    optimizer: { kind: 'adam', ...settings.adam, weightDecay: 0, amsgrad: false, update: adamUpdate },
    batch: settings.batches[kind],
    seed: settings.seed,
    initialTable,
  }
}

/** Sampling is part of a step here: there are no prepared triples. */
async function steps(trained: Fit, count: number): Promise<Answers['trained']> {
  const begin = performance.now()
  const { triples } = await trained.steps(count)
  return { triples, seconds: (performance.now() - begin) / 1000, peakBytes: peakBytes() }
}

async function save(trained: Fit, into: string): Promise<Answers['saved']> {
  const { users, items } = await trained.embeddings()
  const write = (name: string, matrix: Matrix): Promise<void> => writeFile(join(into, name), encodeNpy(matrix))
  await write('users.npy', users)
  await write('items.npy', items)
  return { saved: true, peakBytes: peakBytes() }
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

function answer(message: Answers[keyof Answers]): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
