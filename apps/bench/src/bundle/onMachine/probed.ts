import { spawnSync } from 'node:child_process'
import type { AdapterDescription } from '@gradrec/kernels'

/** What a process started in some environment sees. */
export interface Probed {
  readonly adapters: readonly AdapterDescription[]
  /** Why it could not look. */
  readonly failure?: string
  /** What the Vulkan loader and the driver complained about. */
  readonly complaints?: readonly string[]
}

export function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Starts the probe with more environment. Never throws: a probe that crashes saw nothing. */
export function probe(script: string, environment: Readonly<Record<string, string>>): Probed {
  const { stdout, stderr, status, signal, error } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, VK_LOADER_DEBUG: 'error,warn', ...environment },
  })
  const complaints = (stderr ?? '').split('\n').filter((line) => line.trim() !== '')
  try {
    return { ...(JSON.parse(stdout) as Probed), complaints }
  } catch {
    const how = error?.message ?? (signal === null ? `exit code ${status}` : `signal ${signal}`)
    return { adapters: [], failure: `looking for adapters ended with ${how}`, complaints }
  }
}
