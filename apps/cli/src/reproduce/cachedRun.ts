import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RUN_FILES } from '../run/runFolder.ts'
import { eventsIn } from './runEvents.ts'

/** How far a run in the cache has come. */
export type RunState =
  | { readonly kind: 'absent' }
  /** Stopped or killed; goes on after epoch `epoch`, 0 for the beginning. */
  | { readonly kind: 'begun'; readonly epoch: number }
  | { readonly kind: 'finished' }

/** Looks at a run's folder. A file that cannot be read counts as not there: the run then goes on from its checkpoint. */
export function runStateOf(folder: string): RunState {
  if (!existsSync(folder)) return { kind: 'absent' }
  if (isFinished(folder)) return { kind: 'finished' }
  if (!existsSync(join(folder, RUN_FILES.checkpoint))) return { kind: 'begun', epoch: 0 }
  const saved = eventsIn(folder).findLast(({ type }) => type === 'checkpoint')
  return { kind: 'begun', epoch: saved?.epoch ?? 0 }
}

/** The report is written last of all. */
function isFinished(folder: string): boolean {
  if (!existsSync(join(folder, RUN_FILES.report)) || !existsSync(join(folder, RUN_FILES.model))) return false
  try {
    const metrics = JSON.parse(readFileSync(join(folder, RUN_FILES.metrics), 'utf8')) as { readonly stopped?: unknown }
    return metrics.stopped === 'epochs' || metrics.stopped === 'patience'
  } catch {
    return false
  }
}
