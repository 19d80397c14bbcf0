import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measurePeers, type MeasureOptions, type PeerEffort } from '../../src/peers/measurePeers.ts'
import { failingPeer, fakePeer } from './fakePeer.ts'

const effort: PeerEffort = { rounds: 3, secondsPerRound: 0.2, epochs: 2, trainingLimit: 100 }
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradrec-measure-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** As "recall", the steps that the peer has trained. */
function options(change: Partial<PeerEffort> = {}): MeasureOptions {
  const recall = async (vectors: string): Promise<number> => Number(await readFile(join(vectors, 'steps.json'), 'utf8'))
  return { effort: { ...effort, ...change }, folder, recall, progress: () => {} }
}

describe('measurePeers', () => {
  it('says how fast each is, with sampling and without', async () => {
    const peers = [
      fakePeer({ name: 'a', secondsPerStep: 0.01 }),
      fakePeer({ name: 'b', secondsPerStep: 0.03, samplingSecondsPerStep: 0.01 }),
    ]
    const { measured, skipped } = await measurePeers(peers, options())
    expect(skipped).toEqual([])
    const [a, b] = measured
    expect(a?.triplesPerSecond.median).toBeCloseTo(1000)
    expect(a?.preparedTriplesPerSecond).toBeUndefined()
    expect(a?.stepsPerRound).toBe(20)
    expect(b?.triplesPerSecond.median).toBeCloseTo(250)
    expect(b?.preparedTriplesPerSecond?.median).toBeCloseTo(333.333, 2)
    // The rounds', not those of the training that follows.
    expect(b?.preparedTriplesPerSecond?.values).toHaveLength(3)
    expect(b?.firstIsFasterBy).toBeCloseTo(4)
    expect(b).toMatchObject({ stepsPerRound: 5, versions: { fake: '1.0.0' }, peakBytes: 3000 })
    expect(Object.keys(b ?? {})).not.toContain('command')
  })

  it('trains all for as many epochs, rounds among them', async () => {
    const peers = [
      fakePeer({ name: 'quick', secondsPerStep: 1e-6 }),
      fakePeer({ name: 'slow', secondsPerStep: 0.05 }),
      // Rounds of one step each, two of which are all there is: an epoch library is not asked for more than its epochs.
      fakePeer({ name: 'whole epochs', stepsPerEpoch: 1, secondsPerStep: 0.5 }),
    ]
    const { measured } = await measurePeers(peers, options({ epochs: 4 }))
    expect(measured.map(({ recall, epochs }) => [recall, epochs])).toEqual([
      [400, 4],
      [400, 4],
      [4, 4],
    ])
  })

  it('judges each on the threads that suit it best, and nobody who would take too long', async () => {
    const peers = [
      fakePeer({ name: 'a', threads: 1, secondsPerStep: 0.02 }),
      fakePeer({ name: 'a', threads: 2, secondsPerStep: 0.01 }),
      fakePeer({ name: 'b', threads: 1, secondsPerStep: 0.01 }),
      fakePeer({ name: 'b', threads: 2, secondsPerStep: 0.02 }),
      fakePeer({ name: 'slow', threads: 1, secondsPerStep: 2 }),
    ]
    const { measured } = await measurePeers(peers, options())
    expect(measured.map(({ recall }) => recall)).toEqual([undefined, 200, 200, undefined, undefined])
    // 200 steps of which 2 + 3 rounds of 1 are done, 2 seconds each: 6.5 minutes.
    expect(measured.map(({ notJudged = '' }) => notJudged)).toEqual([
      '',
      '',
      '',
      '',
      'the rest of 2 epochs would have taken 6.5 minutes',
    ])
  })

  it('goes on without those who are not there', async () => {
    const missing = { ...failingPeer('missing program'), command: ['/no/such/program'] as const }
    const { measured, skipped } = await measurePeers([failingPeer('no library'), missing, fakePeer({ name: 'a' })], {
      ...options({ epochs: 0 }),
    })
    expect(measured.map(({ label, recall }) => [label, recall])).toEqual([['a', undefined]])
    expect(skipped).toEqual([
      {
        label: 'no library',
        why: 'no library: ModuleNotFoundError: No module named torch',
        install: 'pip install torch',
      },
      {
        label: 'missing program',
        why: 'missing program: spawn /no/such/program ENOENT',
        install: 'pip install torch',
      },
    ])
  })

  it('stops where progress throws', async () => {
    const stop = (): void => {
      throw new Error('enough')
    }
    await expect(measurePeers([fakePeer({ name: 'a' })], { ...options(), progress: stop })).rejects.toThrow('enough')
  })
})
