import type { ResultFile } from '../../src/results/resultFile.ts'

const rounds = (median: number) => ({
  median,
  minimum: 0.9 * median,
  quartiles: [0.95 * median, 1.1 * median],
  values: [median],
})

type Row = readonly [method: string, seconds: number, ratio: number, paperSeconds: number]

const group = (backbone: string, batchOf: string, rows: readonly Row[], extrapolated = false): unknown => ({
  dataset: 'ml10m',
  source: 'real',
  backbone,
  batch: batchOf === 'paper' ? 128 : 1024,
  batchOf,
  methods: rows.map(([method, seconds, ratio, paperSeconds]) => ({
    label: method,
    method: method.split(',')[0],
    stepsPerEpoch: 1000,
    stepsPerRound: extrapolated ? 250 : 1000,
    extrapolated,
    setupSeconds: 1,
    secondsPerEpoch: rounds(seconds),
    ratio,
    paperSeconds,
  })),
})

/** MF meets its targets at the paper's batch; LightGCN misses all but one. */
export const TABLE_FOUR = {
  groups: [
    group('mf', 'paper', [
      ['original', 4, 1, 47],
      ['dice', 8, 2, 124],
      ['macr', 4.4, 1.1, 57],
      ['gradient', 4.16, 1.04, 51],
      ['gradient, learned', 4, 1, 51],
    ]),
    group(
      'lgn',
      'paper',
      [
        ['original', 100, 1, 126],
        ['dice', 310, 3.1, 307],
        ['macr', 110, 1.1, 304],
        ['gradient', 103, 1.03, 129],
      ],
      true,
    ),
  ],
}

export const ROOFLINE = {
  roof: {
    copies: [
      { bytes: 2 ** 20, bytesPerSecond: 4e10 },
      { bytes: 2 ** 28, bytesPerSecond: 1e10 },
    ],
    operationsPerSecond: 5e10,
  },
  runs: [
    {
      dataset: 'ml10m',
      source: 'real',
      backbone: 'mf',
      method: 'original',
      batch: 1024,
      steps: 64,
      clock: 'host',
      millisecondsPerStep: rounds(3.5),
      kernels: [
        {
          kernel: 'score',
          callsPerStep: 1,
          milliseconds: rounds(3),
          work: { compulsoryBytes: 6e6, gatheredBytes: 3e7, gatheredFrom: 2 ** 21, operations: 9e6 },
        },
        { kernel: 'host', callsPerStep: 0.1, milliseconds: rounds(1) },
      ],
    },
  ],
}

export const SCALE = {
  points: [
    {
      axis: 'interactions',
      backbone: 'mf',
      users: 2000,
      items: 10_000,
      interactions: 100_000,
      planned: { bytes: 2 ** 25 },
      outcome: {
        kind: 'trained',
        stepsPerEpoch: 13,
        stepsPerRound: 64,
        secondsPerStep: rounds(0.004),
        nsPerInteraction: 488,
        secondsPerEpoch: 0.052,
        residentBytes: { before: 2 ** 27, after: 2 ** 28 },
      },
    },
    {
      axis: 'interactions',
      backbone: 'mf',
      users: 2e9,
      items: 10_000,
      interactions: 1e11,
      planned: { bytes: 2 ** 40 },
      outcome: { kind: 'refused', reason: 'it needs 1 TiB' },
    },
  ],
  flatness: [{ backbone: 'mf', axis: 'interactions', of: 'nsPerInteraction', ratio: 1, text: '1.00 ×: flat' }],
  largest: [
    { engine: 'wasm', backbone: 'mf', axis: 'interactions', size: 2e8, bytes: 2 ** 32, limit: 'one memory can hold' },
  ],
}

export const PEERS = {
  groups: [
    {
      model: 'mf',
      measured: [
        {
          library: 'gradrec',
          name: 'gradrec wasm, lazy',
          label: 'gradrec wasm, lazy, 2 threads',
          optimizer: 'Adam, lazily',
          versions: { gradrec: '0.1.0' },
          triplesPerSecond: rounds(2e6),
          firstIsFasterBy: 1,
          recall: 0.1234,
          peakBytes: 2 ** 28,
        },
      ],
      skipped: [{ label: 'PyTorch, 2 threads', why: 'PyTorch, 2 threads: no python3' }],
    },
  ],
}

/** A result as a part would write it. */
export function resultOf(part: string, figures: unknown, changes: Partial<ResultFile> = {}): ResultFile {
  return {
    format: 'gradrec-bench-1',
    part,
    measuredAt: '2026-05-04T03:02:01.000Z',
    commit: '0123456789abcdef',
    command: `pnpm bench ${part} --engine wasm`,
    quick: false,
    machine: {
      processor: 'A Processor',
      cores: 2,
      memoryBytes: 2 ** 33,
      platform: 'linux x64',
      node: 'v20.19.0',
      gradrec: '0.1.0',
    },
    engine: {
      name: 'wasm',
      device: {
        name: 'A Processor',
        vendor: '',
        architecture: 'wasm32',
        kind: 'software',
        reason: 'the CPU by WebAssembly SIMD, 2 threads',
      },
    },
    config: {},
    data: [{ name: 'ml10m', source: 'real', users: 10, items: 20, interactions: 30, hash: 'abc' }],
    figures,
    ...changes,
  }
}
