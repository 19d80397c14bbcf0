import { openOracleEngine } from '@gradrec/oracle'
import type { Context } from '../src/context.ts'
import type { Machine } from '../src/engine/machine.ts'

/** A context whose streams are kept as text, and whose machine computes with the oracle. */
export interface TestContext extends Context {
  readonly out: () => string
  readonly err: () => string
  /** Presses Ctrl-C. */
  readonly interrupt: () => void
  readonly quits: number[]
}

/** A machine with one software adapter, whose engine is the oracle. */
export const oracleMachine: Machine = {
  platform: 'x64 linux',
  restarted: false,
  describeAdapters: async () => [
    {
      name: 'Oracle',
      vendor: 'gradrec',
      architecture: '',
      kind: 'software',
      features: ['f16'],
      limits: { maxBufferSize: 1024 },
    },
  ],
  openEngine: async () => openOracleEngine(),
  softwareEnvironment: async () => ({}),
  restart: () => Promise.reject(new Error('the oracle needs no restart')),
}

export function testContext(
  options: { readonly terminal?: boolean; readonly machine?: Machine; readonly onText?: (text: string) => void } = {},
): TestContext {
  let out = ''
  let err = ''
  let clock = Date.UTC(2026, 0, 31, 9, 30)
  const callbacks = new Set<() => void>()
  const quits: number[] = []
  return {
    stdout: { write: (text) => void (out += text) },
    stderr: {
      ...(options.terminal && { isTTY: true, columns: 60 }),
      write(text) {
        err += text
        options.onText?.(text)
      },
    },
    environment: {},
    machine: options.machine ?? oracleMachine,
    // Every look at the clock is a second later, so that what comes "every so often" comes.
    now: () => new Date((clock += 1000)),
    onInterrupt(callback) {
      callbacks.add(callback)
      return () => void callbacks.delete(callback)
    },
    quit: (exitCode) => void quits.push(exitCode),
    out: () => out,
    err: () => err,
    interrupt: () => {
      for (const callback of callbacks) callback()
    },
    quits,
  }
}

/** Flags of a run that takes no time. */
export const TINY: readonly string[] = (
  '--users 60 --items 40 --train-interactions 600 --validation-interactions 100 --test-interactions 150 ' +
  '--biased-test-interactions 60 --dimension 8 --batch 128 --epochs 2 --evaluate-every 1 --k 5 --watch recall@5'
).split(' ')
