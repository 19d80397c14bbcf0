import { appendFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { IdMap } from '@gradrec/data'
import type { Model, TrainEvent } from '@gradrec/core'
import { WriteError } from '../errors.ts'
import { npyOf } from './npy.ts'

/** How many runs of one name are tried before giving up. */
const MOST_OF_ONE_NAME = 10_000

/** The folder a run writes to. Every file but the event log appears whole or not at all. */
export class RunFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
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
          return new RunFolder(path)
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

  /** Adds a line to `events.jsonl`, at once: it is what is left of a run that fails. */
  logEvent(
    event: TrainEvent | { readonly type: 'error'; readonly code: string; readonly message: string },
    time: Date,
  ): void {
    appendFileSync(join(this.path, 'events.jsonl'), `${JSON.stringify({ time: time.toISOString(), ...event })}\n`)
  }

  async writeJson(file: string, value: unknown): Promise<void> {
    await this.write(file, `${JSON.stringify(value, undefined, 2)}\n`)
  }

  /** `users.npy` and `items.npy` with the outside ids of their rows in `users.txt` and `items.txt`, one a line. */
  async writeEmbeddings(model: Model): Promise<void> {
    await this.write('users.npy', npyOf(model.vectors.users))
    await this.write('items.npy', npyOf(model.vectors.items))
    await this.write('users.txt', idLines(model.users))
    await this.write('items.txt', idLines(model.items))
  }

  private async write(file: string, content: string | Buffer): Promise<void> {
    const path = join(this.path, file)
    const partial = `${path}.partial`
    try {
      await writeFile(partial, content)
      await rename(partial, path)
    } catch (cause) {
      await rm(partial, { force: true })
      throw new WriteError(`"${path}" cannot be written: ${reasonOf(cause)}`, { cause })
    }
  }
}

/** A line break inside an id would shift every id after it, so it is written as \n or \r. */
function idLines(ids: IdMap): string {
  const lines: string[] = []
  for (let n = 0; n < ids.size; n++) lines.push(ids.idOf(n).replaceAll('\n', '\\n').replaceAll('\r', '\\r'))
  return `${lines.join('\n')}\n`
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
