import { expect, it } from 'vitest'
import { summary } from '../../src/interleave.ts'
import { describePeers, describeSkipped } from '../../src/peers/describePeers.ts'
import type { MeasuredPeer } from '../../src/peers/measurePeers.ts'
import { TRAINING } from '../../src/peers/trainingSettings.ts'

const measured: MeasuredPeer = {
  library: 'gradrec',
  name: 'gradrec wasm',
  label: 'gradrec wasm, 2 threads',
  model: 'mf',
  optimizer: 'Adam',
  threads: 2,
  versions: {},
  stepsPerRound: 10,
  triplesPerSecond: summary([1000, 2000, 3000]),
  firstIsFasterBy: 1,
  peakBytes: 100 * 2 ** 20,
}

const gradrec = { ...measured, epochs: 6, recall: 0.125 }

it('lists peers with what a table does not say below', () => {
  const torch: MeasuredPeer = {
    ...measured,
    name: 'PyTorch',
    label: 'PyTorch, 2 threads',
    triplesPerSecond: summary([500]),
    preparedTriplesPerSecond: summary([800]),
    firstIsFasterBy: 4,
    note: 'fused',
    notJudged: '6 epochs would have taken 9 minutes',
  }
  expect(describePeers('mf', [gradrec, torch], TRAINING)).toMatchInlineSnapshot(`
    "Matrix factorisation with BPR, d 64, 1024 positives × 1 negative a step: thousand triples per second
                                     with sampling      steps only  first / this  Recall@20  peak MiB
    gradrec wasm, 2 threads (Adam)  2.0 [1.5, 2.5]    –                     1.00     0.1250       100
    PyTorch, 2 threads (Adam)       0.5 [0.5, 0.5]  0.8 [0.8, 0.8]          4.00          –       100
    first / this: gradrec wasm, 2 threads is that many times as fast
    PyTorch: fused
    PyTorch, 2 threads: no recall: 6 epochs would have taken 9 minutes
    "
  `)
})

it('says once what several peers lack', () => {
  const install = 'pip install torch'
  const lines = describeSkipped([
    { label: 'PyTorch, 1 thread', why: 'PyTorch, 1 thread: No module named torch', install },
    { label: 'PyTorch, 2 threads', why: 'PyTorch, 2 threads: No module named torch', install },
    { label: 'PyTorch, 2 threads', why: 'PyTorch, 2 threads: No module named torch', install },
    { label: 'other', why: 'other: it ended without a word' },
  ])
  expect(lines).toEqual([
    'not measured: PyTorch, 1 thread; PyTorch, 2 threads: No module named torch; to install: pip install torch',
    'not measured: other: it ended without a word',
  ])
})
