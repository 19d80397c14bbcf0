import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '@gradrec/core'
import { simulate, type Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { openEngine } from '@gradrec/engines'
import { decodeNpy } from '@gradrec/model-files'
import { writeHandOver } from '../../src/peers/handOver.ts'
import { peersOf, type Peer } from '../../src/peers/peer.ts'
import { PeerProcess } from '../../src/peers/peerProcess.ts'
import { readHandOver } from '../../src/peers/readHandOver.ts'
import { recallOf, widened } from '../../src/peers/recallOf.ts'
import { TRAINING } from '../../src/peers/trainingSettings.ts'

const settings = { ...TRAINING, dimension: 8, batches: { mf: 64, lgn: 128 } }
let folder = ''
let dataset: Dataset
let engine: Engine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradrec-peer-'))
  dataset = await simulate({
    users: 60,
    items: 80,
    trainInteractions: 600,
    biasedTestInteractions: 60,
    validationInteractions: 200,
    testInteractions: 200,
    seed: 3,
  })
  engine = await openEngine('wasm', { threads: 1 })
  await writeHandOver(folder, dataset.parts.train, settings, { mf: 1, lgn: 1 })
})

afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

function gradrecs(model: 'mf' | 'lgn'): readonly Peer[] {
  const all = peersOf(model, { folder, python: 'python3', threads: [1, 2], hasGpu: false, quick: false })
  return all.filter(({ library }) => library === 'gradrec')
}

describe('gradrec as its own peer', () => {
  it('trains what the hand-over says: threads and laziness change nothing but time', async () => {
    const vectors: Float32Array[] = []
    const peers = gradrecs('mf')
    expect(peers.map(({ label }) => label)).toEqual([
      'gradrec wasm, lazy, 1 thread',
      'gradrec wasm, lazy, 2 threads',
      'gradrec wasm, dense, 1 thread',
      'gradrec wasm, dense, 2 threads',
    ])
    for (const peer of peers) {
      const process = await PeerProcess.start(peer)
      try {
        const interactions = dataset.parts.train.columns.length
        expect(process.ready.stepsPerEpoch).toBe(Math.ceil(interactions / 64))
        const { triples, peakBytes } = await process.steps(process.ready.stepsPerEpoch)
        expect(triples).toBe(interactions)
        expect(peakBytes).toBeGreaterThan(0)
        await process.save(folder)
        vectors.push((await read('users.npy')).values)
      } finally {
        process.close()
      }
    }
    const dense = vectors[2]
    if (dense === undefined) throw new Error('nothing was trained')
    expect(vectors[1]).toEqual(vectors[0])
    expect(vectors[3]).toEqual(dense)
    // Rounding alone, of numbers around 0.1.
    vectors[0]?.forEach((value, at) => expect(Math.abs(value - (dense[at] ?? Number.NaN))).toBeLessThan(1e-5))
  })

  it('is judged by the vectors it saves', async () => {
    const peer = gradrecs('lgn').at(-1)
    if (peer === undefined) throw new Error('there is no peer')
    const process = await PeerProcess.start(peer)
    try {
      await process.steps(3)
      await process.save(folder)
    } finally {
      process.close()
    }
    const { interactions, initialTable } = await readHandOver(folder)
    const fit = await engine.fit({
      dimension: 8,
      interactions,
      backbone: { kind: 'lgn', layers: settings.layers },
      objective: { kind: 'bpr', l2: 0 },
      sampler: { positives: 'interaction', negatives: 1 },
      optimizer: { kind: 'adam', ...settings.adam, weightDecay: 0, amsgrad: false },
      batch: 128,
      seed: settings.seed,
      initialTable,
    })
    await fit.steps(3)
    const embeddings = await fit.embeddings()
    fit.close()
    expect((await read('users.npy')).values).toEqual(embeddings.users.values)
    const options = { metrics: ['recall@20'], averageOver: 'usersWithTest', maskValidation: true } as const
    const expected = await evaluate(embeddings, dataset, 'validation', engine, options)
    expect(await recallOf(folder, dataset, engine)).toBe(expected.metrics['recall@20'])
  })
})

it('widens vectors to what engines take, without changing a product', () => {
  const values = Float32Array.from({ length: 10 }, (_, at) => at + 1)
  expect(widened({ rows: 2, dimension: 5, values })).toEqual({
    rows: 2,
    dimension: 8,
    values: Float32Array.of(1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 0, 0, 0),
  })
  const fits = { rows: 1, dimension: 4, values: Float32Array.of(1, 2, 3, 4) }
  expect(widened(fits)).toEqual(fits)
})

async function read(name: string): Promise<{ readonly values: Float32Array }> {
  const { values } = decodeNpy(name, await readFile(join(folder, name)))
  if (!(values instanceof Float32Array)) throw new Error(`${name} holds whole numbers`)
  return { values }
}
