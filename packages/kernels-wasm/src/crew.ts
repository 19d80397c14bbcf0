import { DeviceLostError, DeviceUnavailableError } from '@gradrec/engine'
import { startWorker, type WorkerPort } from './platform.ts'
import { workerSource, type WorkerReply, type WorkerRequest } from './workerSource.ts'

/** Functions of the module that a crew calls on all of its threads, with the address of a block that says what to do. */
export type Entry =
  | ('plan' | 'train' | 'catchUp' | 'propagate')
  | ('pack' | 'rank' | 'rankVariants')
  | ('copyRepeatedly' | 'multiplyAdd')

/** The threads that compute. */
export interface Crew {
  readonly threads: number
  /** True where work is done in the caller's own thread: jobs must then be short. */
  readonly blocksCaller: boolean
  /**
   * Calls a function on every thread; one call at a time.
   *
   * @param meanwhile what the caller's thread does while others compute
   */
  run(entry: Entry, block: number, team: number, meanwhile?: () => void): Promise<void>
  close(): Promise<void>
}

/** One thread: the caller's own. Lets other work of the caller go first before each job. */
export function openCallerCrew(module: WebAssembly.Module, memory: WebAssembly.Memory): Crew {
  const exports = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } }).exports as Record<
    Entry,
    (block: number, thread: number) => void
  >
  return {
    threads: 1,
    blocksCaller: true,
    async run(entry, block, _team, meanwhile) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 0)
      })
      exports[entry](block, 0)
      meanwhile?.()
    },
    async close() {},
  }
}

/** `threads` workers on shared memory; the caller's thread only waits for their messages. */
export async function openWorkerCrew(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Promise<Crew> {
  const crew = new WorkerCrew(threads)
  try {
    await crew.start(module, memory)
  } catch (cause) {
    await crew.close()
    throw new DeviceUnavailableError(
      'worker threads could not be started; a page’s policy must allow workers from blob: URLs',
      {
        cause,
      },
    )
  }
  return crew
}

class WorkerCrew implements Crew {
  readonly threads: number
  readonly blocksCaller = false
  readonly #ports: WorkerPort[] = []
  #failure: Error | undefined
  #answersMissing = 0
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined

  constructor(threads: number) {
    this.threads = threads
    for (let thread = 0; thread < threads; thread++) {
      this.#ports.push(
        startWorker(workerSource, {
          onMessage: (message) => this.#receive(message as WorkerReply),
          onFailure: (reason) => this.#fail(`a worker thread failed: ${String(reason)}`),
        }),
      )
    }
  }

  async start(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<void> {
    await this.#ask((thread) => ({ kind: 'start', module, memory, thread }))
  }

  async run(entry: Entry, block: number, team: number, meanwhile?: () => void): Promise<void> {
    await this.#ask(() => ({ kind: 'run', entry, block, team }), meanwhile)
  }

  async close(): Promise<void> {
    this.#fail('the engine was closed')
    await Promise.all(this.#ports.map((port) => port.terminate()))
  }

  /** Sends a request to every worker and waits for all answers. Only meanwhile do the workers keep the process alive. */
  async #ask(request: (thread: number) => WorkerRequest, meanwhile?: () => void): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const answered = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#answersMissing = this.threads
    for (const [thread, port] of this.#ports.entries()) {
      port.hold()
      port.post(request(thread))
    }
    try {
      meanwhile?.()
      await answered
    } finally {
      for (const port of this.#ports) port.release()
    }
  }

  #receive({ error }: WorkerReply): void {
    if (error !== undefined) this.#fail(`a worker thread failed: ${error}`)
    if (--this.#answersMissing === 0) this.#settle?.resolve()
  }

  #fail(reason: string): void {
    this.#failure ??= new DeviceLostError(`the WebAssembly engine stopped: ${reason}; open a new one`)
    this.#settle?.reject(this.#failure)
  }
}
