import { join } from 'node:path'
import { GRADREC_PEER, PEERS } from './places.ts'
import type { PeerModel } from './trainingSettings.ts'

/** One library in one setting, as a process that answers requests to train. */
export interface Peer {
  /** What a user would name. */
  readonly library: 'gradrec' | 'TensorFlow.js' | 'PyTorch' | 'implicit'
  /** Library and setting, without the threads. */
  readonly name: string
  /** `name` with the threads; unique among the peers of a model. */
  readonly label: string
  readonly model: PeerModel
  /** `Adam` moves every row at every step, as PyTorch and TensorFlow.js have it. */
  readonly optimizer: 'Adam' | 'Adam, lazily' | 'SparseAdam' | 'SGD'
  /** Threads that train; left out for a GPU. */
  readonly threads?: number
  readonly command: readonly [program: string, ...args: string[]]
  readonly environment: Readonly<Record<string, string>>
  /** What to do where it does not start. */
  readonly install?: string
  /** What it does otherwise than the others; one sentence. */
  readonly note?: string
}

export interface PeerListOptions {
  /** That `writeHandOver` wrote. */
  readonly folder: string
  /** Python's interpreter. */
  readonly python: string
  /** The numbers of threads that are compared. */
  readonly threads: readonly number[]
  readonly hasGpu: boolean
  /** Leaves out TensorFlow.js on plain JavaScript, a step of which takes a second. */
  readonly quick: boolean
}

const INSTALL_TENSORFLOW = 'npm ci --prefix benchmarks/peers/tensorflow'
const INSTALL_PYTHON = 'pip install -r benchmarks/peers/python/requirements.txt (and --python its interpreter)'

/** Everyone who takes part, gradrec first. */
export function peersOf(model: PeerModel, options: PeerListOptions): readonly Peer[] {
  const { hasGpu, quick, threads } = options
  const each = (make: (count: number) => Peer): Peer[] => threads.map(make)
  if (model === 'lgn') {
    return [
      ...(hasGpu ? [gradrec(model, options, 'webgpu', 'dense')] : []),
      ...each((count) => gradrec(model, options, 'wasm', 'dense', count)),
      ...each((count) => torch(model, options, count)),
    ]
  }
  return [
    ...(hasGpu ? [gradrec(model, options, 'webgpu', 'lazy'), gradrec(model, options, 'webgpu', 'dense')] : []),
    ...each((count) => gradrec(model, options, 'wasm', 'lazy', count)),
    ...each((count) => gradrec(model, options, 'wasm', 'dense', count)),
    ...each((count) => tensorFlow(options, 'node', count)),
    tensorFlow(options, 'wasm', 1),
    ...(quick ? [] : [tensorFlow(options, 'cpu', 1)]),
    ...each((count) => torch(model, options, count, 'dense')),
    ...each((count) => torch(model, options, count, 'sparse')),
    ...each((count) => implicit(options, count)),
  ]
}

function gradrec(
  model: PeerModel,
  { folder }: PeerListOptions,
  engine: 'wasm' | 'webgpu',
  update: 'lazy' | 'dense',
  threads?: number,
): Peer {
  const how = model === 'mf' ? `, ${update}` : ''
  return {
    library: 'gradrec',
    ...named(`gradrec ${engine}${how}`, threads),
    model,
    optimizer: update === 'lazy' ? 'Adam, lazily' : 'Adam',
    ...(threads !== undefined && { threads }),
    command: [process.execPath, GRADREC_PEER, folder, model, engine, update, String(threads ?? 0)],
    environment: {},
    ...(update === 'lazy' && { note: 'Adam’s result within rounding, rows moved when they are next needed' }),
  }
}

const BACKENDS = {
  node: 'TensorFlow’s C library',
  wasm: 'its gradient of tf.gather replaced by tf.scatterND, since the backend has none; no threads in Node',
  cpu: 'its gradient of tf.gather replaced by tf.scatterND, since its own takes a pass over the batch for every row of the table',
} as const

function tensorFlow({ folder }: PeerListOptions, backend: keyof typeof BACKENDS, threads: number): Peer {
  return {
    library: 'TensorFlow.js',
    ...named(`TensorFlow.js ${backend}`, threads),
    model: 'mf',
    optimizer: 'Adam',
    threads,
    command: [process.execPath, join(PEERS, 'tensorflow', 'peer.mjs'), folder, backend, String(threads)],
    environment: { OMP_NUM_THREADS: String(threads) },
    install: backend === 'node' ? `${INSTALL_TENSORFLOW}, or bindNative.sh there` : INSTALL_TENSORFLOW,
    note: BACKENDS[backend],
  }
}

function torch(
  model: PeerModel,
  { folder, python }: PeerListOptions,
  threads: number,
  update: 'dense' | 'sparse' = 'dense',
): Peer {
  const script = model === 'mf' ? 'torch_mf.py' : 'torch_lightgcn.py'
  const sparse = update === 'sparse'
  return {
    library: 'PyTorch',
    ...named(sparse ? 'PyTorch, sparse' : 'PyTorch', threads),
    model,
    optimizer: sparse ? 'SparseAdam' : 'Adam',
    threads,
    command: [python, join(PEERS, 'python', script), folder, String(threads), ...(model === 'mf' ? [update] : [])],
    environment: { OMP_NUM_THREADS: String(threads) },
    install: INSTALL_PYTHON,
    note: sparse
      ? 'rows without a gradient stand still and so do their moments: not Adam’s result'
      : model === 'mf'
        ? 'the fused kernel, PyTorch’s fastest on a CPU'
        : 'torch.sparse.mm, autograd, the fused kernel of Adam',
  }
}

function implicit({ folder, python }: PeerListOptions, threads: number): Peer {
  return {
    library: 'implicit',
    ...named('implicit BPR', threads),
    model: 'mf',
    optimizer: 'SGD',
    threads,
    command: [python, join(PEERS, 'python', 'implicit_bpr.py'), folder, String(threads)],
    environment: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: '1' },
    install: INSTALL_PYTHON,
    note:
      'its defaults: SGD without batches or state at rate 0.01, L2 0.01, item biases, a smaller start, negatives by popularity and passed ' +
      'over where the user has them (not counted), threads that overwrite each other',
  }
}

function named(name: string, threads: number | undefined): Pick<Peer, 'name' | 'label'> {
  if (threads === undefined) return { name, label: name }
  return { name, label: `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}` }
}
