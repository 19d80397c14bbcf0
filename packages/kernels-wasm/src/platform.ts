// The one file that knows what it runs on: Node or a browser. Node's modules are asked for at run time, so that bundlers see
// nothing to resolve.

/** A thread with its own instance of the module. */
export interface WorkerPort {
  post(message: unknown): void
  /** Lets the process end while the worker is idle. Browsers do so anyway. */
  release(): void
  /** Keeps the process alive while the worker has work. */
  hold(): void
  terminate(): Promise<void>
}

export interface WorkerEvents {
  readonly onMessage: (message: unknown) => void
  readonly onFailure: (reason: unknown) => void
}

interface NodeWorker {
  postMessage(message: unknown): void
  on(event: 'message' | 'error', listener: (value: unknown) => void): void
  on(event: 'exit', listener: () => void): void
  ref(): void
  unref(): void
  terminate(): Promise<number>
}

interface NodeModules {
  'node:worker_threads': { Worker: new (source: string, options: { eval: true; execArgv: string[] }) => NodeWorker }
  'node:os': { availableParallelism(): number; cpus(): readonly { readonly model: string }[] }
}

function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  return process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined
}

/** Cores that this process may use. */
export function coreCount(): number {
  const cores =
    nodeModule('node:os')?.availableParallelism() ??
    (globalThis.navigator as Navigator | undefined)?.hardwareConcurrency ??
    1
  return Math.max(1, cores)
}

/** The processor's own name, where it is to be had. */
export function processorName(): string | undefined {
  const model = nodeModule('node:os')?.cpus()[0]?.model.trim()
  return model === undefined || model === '' || model === 'unknown' ? undefined : model
}

/** True where other threads can share this one's memory. Browsers allow it to cross-origin isolated pages only. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false
  return (
    nodeModule('node:worker_threads') !== undefined || (typeof Worker !== 'undefined' && globalThis.crossOriginIsolated)
  )
}

/**
 * Starts a worker from source text. The text finds `onmessage` and `postMessage` as in a browser's worker, whatever the
 * platform.
 */
export function startWorker(source: string, events: WorkerEvents): WorkerPort {
  const threads = nodeModule('node:worker_threads')
  return threads === undefined ? startBrowserWorker(source, events) : startNodeWorker(threads.Worker, source, events)
}

const NODE_PRELUDE = `
const { parentPort } = require('node:worker_threads')
const postMessage = (message) => parentPort.postMessage(message)
parentPort.on('message', (data) => globalThis.onmessage({ data }))
`

function startNodeWorker(
  NodeWorker: NodeModules['node:worker_threads']['Worker'],
  source: string,
  { onMessage, onFailure }: WorkerEvents,
): WorkerPort {
  const worker = new NodeWorker(`${NODE_PRELUDE}${source}`, { eval: true, execArgv: [] })
  worker.on('message', onMessage)
  worker.on('error', onFailure)
  worker.on('exit', () => onFailure(new Error('the worker ended')))
  worker.unref()
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only windows have one
    post: (message) => worker.postMessage(message),
    release: () => worker.unref(),
    hold: () => worker.ref(),
    terminate: async () => {
      await worker.terminate()
    },
  }
}

function startBrowserWorker(source: string, { onMessage, onFailure }: WorkerEvents): WorkerPort {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(url)
  URL.revokeObjectURL(url)
  worker.addEventListener('message', (event) => onMessage(event.data))
  worker.addEventListener('error', (event) => onFailure(event.error ?? new Error(event.message)))
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only windows have one
    post: (message) => worker.postMessage(message),
    release: () => {},
    hold: () => {},
    terminate: async () => worker.terminate(),
  }
}
