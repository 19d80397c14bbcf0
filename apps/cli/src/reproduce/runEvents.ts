import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RUN_FILES } from '../run/runFolder.ts'

/** A line of `events.jsonl`, of which little is asked here. */
export interface LoggedEvent {
  readonly type: string
  readonly epoch?: number
  readonly seconds?: number
}

/** A run's events so far; a last line that a kill has cut is left out. */
export function eventsIn(folder: string): LoggedEvent[] {
  let text: string
  try {
    text = readFileSync(join(folder, RUN_FILES.events), 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as LoggedEvent]
    } catch {
      return []
    }
  })
}

/** Mean seconds of an epoch with its validations and checkpoints; `undefined` before the first. */
export function secondsPerEpochOf(events: readonly LoggedEvent[]): number | undefined {
  let epochs = 0
  let sum = 0
  for (const { type, seconds = 0 } of events) {
    if (type === 'epoch') epochs++
    if (type === 'epoch' || type === 'validation' || type === 'checkpoint') sum += seconds
  }
  return epochs === 0 ? undefined : sum / epochs
}
