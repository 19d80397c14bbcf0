// usage: node peer.mjs FOLDER BACKEND THREADS — one JSON object a line, as ../README.md says.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openBackend } from './backends.mjs'
import { npyOf, readHandOver } from './handOver.mjs'
import { MatrixFactorisation } from './matrixFactorisation.mjs'
import { UniformNegatives } from './uniformNegatives.mjs'

const [folder, backend, threads] = process.argv.slice(2)
const data = readHandOver(folder)
const { tf, versions } = await openBackend(backend, Number(threads))
const columns = data.array('columns')
const triples = columnsOf(data.array('triples-mf'))
const sampler = new UniformNegatives({ rowPointer: data.array('rowPointer'), columns, items: data.items })
const model = new MatrixFactorisation(tf, {
  ...data,
  initialTable: data.array('initialTable'),
  ownGradient: backend === 'node',
})
const batch = data.batches.mf
const stepsPerEpoch = Math.ceil(columns.length / batch)
let done = 0

answer({ ready: true, stepsPerEpoch, stepsAtOnce: 1, versions: { ...versions, node: process.version } })
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (request.steps !== undefined) answer({ ...(await steps(request.steps)), peakBytes: peakBytes() })
  else answer({ ...(await save(request.save)), peakBytes: peakBytes() })
}

async function steps(count) {
  const ranges = Array.from({ length: count }, () => rangeOfStep(done++))
  const started = performance.now()
  for (const [begin, end] of ranges) {
    model.step({
      users: triples.users.subarray(begin, end),
      positives: triples.positives.subarray(begin, end),
      negatives: triples.negatives.subarray(begin, end),
    })
  }
  await model.finish()
  const trained = performance.now()
  for (const [begin, end] of ranges) sampler.draw(end - begin)
  const sampled = performance.now()
  return {
    triples: ranges.reduce((sum, [begin, end]) => sum + end - begin, 0),
    seconds: (trained - started) / 1000,
    samplingSeconds: (sampled - trained) / 1000,
  }
}

async function save(into) {
  const { users, items } = await model.vectors()
  writeFileSync(join(into, 'users.npy'), npyOf(users, data.users, data.dimension))
  writeFileSync(join(into, 'items.npy'), npyOf(items, data.items, data.dimension))
  return { saved: true }
}

/** The last batch of an epoch is short. Beyond the epochs prepared, the triples begin again. */
function rangeOfStep(step) {
  const epoch = Math.floor(step / stepsPerEpoch)
  const first = (step % stepsPerEpoch) * batch
  const begin = ((epoch * columns.length) % triples.users.length) + first
  return [begin, begin + Math.min(batch, columns.length - first)]
}

/** An n × 3 matrix as three columns, which is how TensorFlow.js wants them. */
function columnsOf(matrix) {
  const column = (at) => Int32Array.from({ length: matrix.length / 3 }, (_, row) => matrix[3 * row + at])
  return { users: column(0), positives: column(1), negatives: column(2) }
}

function peakBytes() {
  return process.resourceUsage().maxRSS * 1024
}

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
