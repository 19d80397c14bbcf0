import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../bin/gradrec.js', import.meta.url))

export interface Finished {
  /** `null` for a process that a signal ended. */
  readonly exitCode: number | null
  readonly out: string
  readonly err: string
}

export interface GradrecOptions {
  /** Without a driver, as on a bare machine; default: on the device the tests run on. */
  readonly bare?: boolean
  /** Called with all of stderr so far whenever more comes. */
  readonly onErr?: (err: string, pid: number) => void
  readonly onStart?: (pid: number) => void
}

/** Runs the built command as a shell would. */
export function gradrec(argv: readonly string[], options: GradrecOptions = {}): Promise<Finished> {
  const { LD_LIBRARY_PATH, VK_ICD_FILENAMES, ...environment } = process.env
  const drivers = options.bare ? {} : { LD_LIBRARY_PATH, VK_ICD_FILENAMES }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...argv], { env: { ...environment, ...drivers } })
    let out = ''
    let err = ''
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString()
      if (child.pid !== undefined) options.onErr?.(err, child.pid)
    })
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, out, err }))
    if (child.pid !== undefined) options.onStart?.(child.pid)
  })
}
