import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { AbortedError } from '@gradrec/core'
import { chosen } from '../chosen.ts'
import { paperDataset } from '../data/paperDataset.ts'
import type { Part } from '../part.ts'
import { describePeers, describeSkipped } from './describePeers.ts'
import { writeHandOver } from './handOver.ts'
import { measurePeers, type MeasuredPeer, type PeerEffort, type SkippedPeer } from './measurePeers.ts'
import { peersOf } from './peer.ts'
import { recallOf } from './recallOf.ts'
import { PEER_MODELS, TRAINING, type PeerModel } from './trainingSettings.ts'

/** The peers of one model, measured beside each other. */
export interface PeerGroup {
  readonly model: PeerModel
  readonly measured: readonly MeasuredPeer[]
  readonly skipped: readonly SkippedPeer[]
}

type Efforts = Readonly<Record<PeerModel, PeerEffort>>

const ROUNDS = { rounds: 5, secondsPerRound: 1.5, trainingLimit: 300 } as const
/** Six epochs of matrix factorisation are implicit's five rounds and a first one that is thrown away. LightGCN's are dearer. */
const FULL: Efforts = { mf: { ...ROUNDS, epochs: 6 }, lgn: { ...ROUNDS, epochs: 3 } }
const UNJUDGED: Efforts = { mf: { ...ROUNDS, epochs: 0 }, lgn: { ...ROUNDS, epochs: 0 } }
const SHORT: PeerEffort = { rounds: 3, secondsPerRound: 0.2, trainingLimit: 0, epochs: 0 }
const QUICK: Efforts = { mf: SHORT, lgn: SHORT }

/** What a user gets elsewhere: the same training, on the same data, by other libraries, and how good what they learn is. */
export const peers: Part = {
  name: 'peers',
  description: 'the same training by TensorFlow.js, PyTorch and implicit: triples per second, Recall@20, memory',
  run: async (context) => {
    const { dataRoot, engine, environment, flags, machine, output, quick, signal } = context
    const models = chosen(context, 'backbones', PEER_MODELS)
    const { dataset, facts, text } = await paperDataset('ml10m', dataRoot)
    output.fact('data', text)
    // Simulated interactions are chance: there is nothing to recall.
    const canJudge = dataset.parts.validation !== undefined
    const efforts = quick ? QUICK : canJudge ? FULL : UNJUDGED
    if (efforts !== FULL) output.log(`no recall: ${quick ? 'nobody is trained to the end' : 'the data are simulated'}`)
    const folder = await mkdtemp(join(tmpdir(), 'gradrec-peers-'))
    try {
      await writeHandOver(folder, dataset.parts.train, TRAINING, { mf: efforts.mf.epochs, lgn: efforts.lgn.epochs })
      const cores = availableParallelism()
      const threads = quick || cores === 1 ? [cores] : [cores, 1]
      const hasGpu = (await machine.describeAdapters()).some(({ kind }) => kind === 'hardware')
      const python = textOf(flags.get('python')) ?? environment['GRADREC_PYTHON'] ?? 'python3'
      const groups: PeerGroup[] = []
      for (const model of models) {
        const list = peersOf(model, { folder, python, threads, hasGpu, quick })
        const measured = await measurePeers(list, {
          effort: efforts[model],
          folder,
          recall: (vectors) => recallOf(vectors, dataset, engine),
          progress: (state) => {
            if (signal.aborted) throw new AbortedError('the benchmark')
            output.live(state)
          },
        })
        groups.push({ model, ...measured })
        output.result(describePeers(model, measured.measured, TRAINING))
      }
      for (const line of describeSkipped(groups.flatMap(({ skipped }) => skipped))) output.result(line)
      return { config: { ...TRAINING, efforts, judgedOn: 'validation' }, data: [facts], figures: { groups } }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

function textOf(flag: string | boolean | undefined): string | undefined {
  return typeof flag === 'string' && flag !== '' ? flag : undefined
}
