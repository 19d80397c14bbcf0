import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { WriteError } from '../errors.ts'

/**
 * Keeps a run's folder to one process: a file with the process's number, which is there while the run is alive. One that a killed
 * process left is taken over.
 */
export class RunLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Takes the lock at `path`.
   *
   * @throws WriteError where a process that is alive has it, or nothing can be written there
   */
  static async take(path: string): Promise<RunLock> {
    if (await isMade(path)) return new RunLock(path)
    const owner = ownerOf(path)
    if (owner === undefined || !isAlive(owner)) {
      await rm(path, { force: true })
      if (await isMade(path)) return new RunLock(path)
    }
    const who = ownerOf(path) ?? 'unknown'
    throw new WriteError(
      `the run is still alive, as process ${who}: wait for it, or stop it with Ctrl-C; if that is another program by now, remove ${path}`,
    )
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

/** Whether the file could be made; not where there is one. */
async function isMade(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new WriteError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

/** `undefined` where the file is gone or says nothing: whoever made it was killed before writing its number. */
function ownerOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** This process itself does not count: it would not ask. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Someone else's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
