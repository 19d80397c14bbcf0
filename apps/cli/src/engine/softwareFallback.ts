import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Set in the environment of a restarted process, so that it never restarts again. */
export const RESTARTED = 'GRADREC_RESTARTED_FOR_SOFTWARE_VULKAN'

/** Handed on to the restarted process, which decides what they mean. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs this very command in a new process that finds the software Vulkan driver: the Vulkan loader reads its environment once,
 * when a process starts. Resolves to the exit code, 128 + the signal's number for a process that a signal ended.
 */
export async function restartInSoftware(environment: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, ...environment, [RESTARTED]: '1' },
    // Out of the terminal's process group: Ctrl-C would reach the child twice, directly and handed on from here.
    detached: true,
  })
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, handOn)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    })
  } finally {
    for (const signal of SIGNALS) process.off(signal, handOn)
  }
}
