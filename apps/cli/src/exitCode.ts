import { GradrecError } from '@gradrec/engine'

/** What the process says to the shell. */
export const ExitCode = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Errors that come from what was asked for, not from doing it. */
const USAGE_CODES: ReadonlySet<string> = new Set(['E_USAGE', 'E_CONFIG', 'E_DATA_OPTION'])

export function exitCodeOf(error: unknown): number {
  return error instanceof GradrecError && USAGE_CODES.has(error.code) ? ExitCode.usage : ExitCode.failed
}
