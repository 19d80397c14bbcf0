// What a training step costs the host, on Dawn's null backend, which takes every call and does nothing: dispatches, submits and writes of
// a step by backbone and method, and microseconds of processor time (the fastest round).
//
//     node packages/kernels/bench/hostCost.mjs [--rounds 7] [--steps 2048] [--only mf]
import { parseArgs } from 'node:util'
import { create, globals } from 'webgpu'
import { KernelDevice, WebGpuFit } from '../dist/index.js'

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '2048' },
    only: { type: 'string', default: '' },
  },
})
const steps = Number(given.steps)

// ML-10M's shape, with interactions at random.
const [users, items, degree, dimension] = [37_962, 4_819, 25, 128]
const rowPointer = Uint32Array.from({ length: users + 1 }, (_, user) => user * degree)
const columns = Uint32Array.from(
  { length: users * degree },
  (_, at) => ((Math.floor(at / degree) * 7) % (items - 200)) + (at % degree) * 8,
)
const interactions = { rows: users, columnCount: items, rowPointer, columns }
const adam = {
  kind: 'adam',
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}
const popularity = new Uint32Array(items).fill(5)
const bpr = { kind: 'bpr', l2: 0 }
const dice = (discrepancy) => ({
  objective: { kind: 'dice', l2: 0, interest: 0.1, conformity: 0.1, decay: 0.9, popularity, discrepancy },
})
const methods = {
  original: { objective: bpr },
  gradient: { objective: { ...bpr, userNorm: 'unit' }, recording: 'vector' },
  'DICE, L2': dice({ kind: 'l2', weight: 0.01 }),
  'DICE, dCor': dice({ kind: 'dCor', weight: 0.01 }),
  MACR: { objective: { kind: 'macr', l2: 0, itemWeight: 1e-2, userWeight: 1e-2 } },
}
const backbones = {
  'mf, lazy Adam': { backbone: { kind: 'mf' }, optimizer: { ...adam, update: 'lazy' } },
  'mf, dense Adam': { backbone: { kind: 'mf' }, optimizer: adam },
  'lgn, 3 layers': { backbone: { kind: 'lgn', layers: 3 }, optimizer: adam },
}

Object.assign(globalThis, globals)
// Kept: the process aborts when Dawn's instance is collected.
const instance = create(['backend=null'])
const adapter = await instance.requestAdapter()
const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
const gpu = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
const device = new KernelDevice(gpu, { name: 'null', vendor: '', architecture: '', kind: 'hardware', reason: '' })

const counts = { dispatches: 0, submits: 0, writes: 0, bytes: 0 }
const { encode } = device
device.encode = (...arguments_) => {
  counts.dispatches++
  encode.apply(device, arguments_)
}
const queue = gpu.queue
const { submit, writeBuffer } = queue
queue.submit = (commands) => {
  counts.submits++
  submit.call(queue, commands)
}
queue.writeBuffer = (buffer, at, data, from, size) => {
  counts.writes++
  counts.bytes += (size ?? data.byteLength) * (size === undefined ? 1 : (data.BYTES_PER_ELEMENT ?? 1))
  writeBuffer.call(queue, buffer, at, data, from, size)
}

for (const [backboneName, backbone] of Object.entries(backbones)) {
  for (const [method, choice] of Object.entries(methods)) {
    const name = `${backboneName}: ${method}`
    if (!name.includes(given.only)) continue
    const rows = users + items + (choice.objective.kind === 'macr' ? 2 : 0)
    const fit = await WebGpuFit.create(device, {
      dimension,
      interactions,
      ...backbone,
      ...choice,
      sampler: { positives: 'interaction', negatives: 4 },
      batch: 128,
      seed: 1,
      initialTable: new Float32Array(rows * dimension),
    })
    const times = []
    for (let round = 0; round <= Number(given.rounds); round++) {
      for (const count in counts) counts[count] = 0
      const begin = process.cpuUsage()
      await fit.steps(steps)
      const { user, system } = process.cpuUsage(begin)
      times.push((user + system) / steps)
    }
    fit.close()
    // The first compiles.
    const [dispatches, submits, writes, bytes] = Object.values(counts).map((count) => count / steps)
    process.stdout.write(
      `${name.padEnd(28)} ${Math.min(...times.slice(1)).toFixed(2)} µs, ${dispatches.toFixed(2)} dispatches, ` +
        `${submits.toFixed(3)} submits, ${writes.toFixed(2)} writes, ${bytes.toFixed(0)} bytes\n`,
    )
  }
}
// The null device holds half a gigabyte, hence one run after the other.
globalThis.instance = instance
process.exit(0)
