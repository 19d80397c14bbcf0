/** What the host sends to a worker. */
export type WorkerRequest =
  | {
      readonly kind: 'start'
      readonly module: WebAssembly.Module
      readonly memory: WebAssembly.Memory
      readonly thread: number
    }
  | { readonly kind: 'run'; readonly entry: string; readonly block: number; readonly team: number }

/** What a worker answers: when it is ready, when its part of a job is done, or why it failed. */
export interface WorkerReply {
  readonly error?: string
}

/**
 * The program of a worker, as text: bundlers need no loader for it. It instantiates the module on the shared memory, then calls
 * one function after another. A thread that fails says so to the others, who would wait for it at the next barrier.
 */
export const workerSource = `
let exports
let thread
onmessage = async ({ data }) => {
  try {
    if (data.kind === 'start') {
      thread = data.thread
      exports = (await WebAssembly.instantiate(data.module, {
        env: { memory: data.memory, now: () => performance.now() },
      })).exports
    } else {
      exports[data.entry](data.block, thread)
    }
    postMessage({})
  } catch (error) {
    if (exports !== undefined && data.kind === 'run') exports.breakTeam(data.team)
    postMessage({ error: String(error) })
  }
}
`
