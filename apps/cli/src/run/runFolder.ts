import { appendFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint, Model, TrainEvent } from '@gradrec/core'
import { saveCheckpoint, saveModel, writeFileAtomically } from '@gradrec/model-files/node'
import { WriteError } from '../errors.ts'
import { RunLock } from './runLock.ts'

/** Files of a run, by what is in them. */
export const RUN_FILES = {
  config: 'config.json',
  events: 'events.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  metrics: 'metrics.json',
  report: 'report.html',
  /** There while a process works on the run. */
  lock: 'run.pid',
} as const

/** What `events.jsonl` holds besides the trainer's events. */
export type RunEvent =
  | TrainEvent
  /** From here the lines are those of another process, which began after epoch `epoch`; later ones before were undone. */
  | { readonly type: 'resume'; readonly epoch: number; readonly engine: string }
  | { readonly type: 'error'; readonly code: string; readonly message: string }

/** How many runs of one name are tried before giving up. */
const MOST_OF_ONE_NAME = 10_000

/** The folder a run writes to. Every file but the event log appears whole or not at all. */
export class RunFolder {
  readonly path: string

  readonly #lock: RunLock

  private constructor(path: string, lock: RunLock) {
    this.path = path
    this.#lock = lock
  }

  /** Makes `parent/name`, or `parent/name-2`, `-3` … where that exists. */
  static async create(parent: string, name: string): Promise<RunFolder> {
    try {
      await mkdir(parent, { recursive: true })
      for (let n = 1; n <= MOST_OF_ONE_NAME; n++) {
        const path = join(parent, n === 1 ? name : `${name}-${n}`)
        try {
          // Not recursive, so that of two runs starting together only one gets the name.
          await mkdir(path)
          return await RunFolder.#locked(path)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        }
      }
    } catch (cause) {
      throw new WriteError(
        `the run’s folder cannot be made in "${parent}": ${reasonOf(cause)}; choose another with --runs`,
        {
          cause,
        },
      )
    }
    throw new WriteError(`"${parent}" holds ${MOST_OF_ONE_NAME} runs named "${name}"; choose another with --name`)
  }

  /**
   * The folder of a run that goes on. Removes what a killed process left half written.
   *
   * @throws WriteError where another process is at work in it
   */
  static async reopen(path: string): Promise<RunFolder> {
    const folder = await RunFolder.#locked(path)
    for (const file of await readdir(path)) {
      if (file.endsWith('.partial')) await rm(join(path, file), { force: true })
    }
    return folder
  }

  static async #locked(path: string): Promise<RunFolder> {
    return new RunFolder(path, await RunLock.take(join(path, RUN_FILES.lock)))
  }

  /** Lets other processes at the run. */
  async close(): Promise<void> {
    await this.#lock.release()
  }

  /** Adds a line to `events.jsonl`, at once: it is what is left of a run that fails. */
  logEvent(event: RunEvent, time: Date): void {
    appendFileSync(this.pathOf('events'), `${JSON.stringify({ time: time.toISOString(), ...event })}\n`)
  }

  async writeJson(file: 'config' | 'metrics', value: unknown): Promise<void> {
    await writeFileAtomically(this.pathOf(file), Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`))
  }

  async writeReport(html: string): Promise<void> {
    await writeFileAtomically(this.pathOf('report'), Buffer.from(html))
  }

  async writeModel(model: Model): Promise<void> {
    await saveModel(this.pathOf('model'), model)
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await saveCheckpoint(this.pathOf('checkpoint'), checkpoint)
  }

  pathOf(file: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[file])
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
