import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What ran: enough to run it again. */
export interface Versions {
  readonly gradrec: string
  readonly node: string
  readonly platform: string
  /** The WebGPU bindings. */
  readonly webgpu?: string
  /** The commit of gradrec's own checkout, with `-dirty` behind it for changes not committed; absent outside a checkout. */
  readonly commit?: string
}

/** The command's package, seen from src/run and from dist/run alike. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export async function versionOfGradrec(): Promise<string> {
  return versionIn(await readFile(join(PACKAGE, 'package.json'), 'utf8'))
}

let known: Promise<Versions> | undefined

/** Looked up once: what a process writes into its own checkout does not change what runs in it. */
export function versions(): Promise<Versions> {
  return (known ??= lookUpVersions())
}

async function lookUpVersions(): Promise<Versions> {
  const [gradrec, webgpu, commit] = await Promise.all([versionOfGradrec(), versionOfWebGpu(), commitOfCheckout()])
  const platform = `${process.platform} ${process.arch}`
  return { gradrec, node: process.version, platform, ...(webgpu && { webgpu }), ...(commit && { commit }) }
}

async function versionOfWebGpu(): Promise<string | undefined> {
  try {
    // It is the engine package's dependency, so it is looked up from there.
    const engine = fileURLToPath(import.meta.resolve('@gradrec/kernels'))
    const manifest = createRequire(engine).resolve('webgpu/package.json')
    return versionIn(await readFile(manifest, 'utf8'))
  } catch {
    return undefined
  }
}

async function commitOfCheckout(): Promise<string | undefined> {
  try {
    // Fails where the package was installed into somebody else's repository.
    await git('ls-files', '--error-unmatch', 'package.json')
    const [commit, changes] = [
      await git('rev-parse', 'HEAD'),
      await git('status', '--porcelain', '--untracked-files=no'),
    ]
    return changes === '' ? commit : `${commit}-dirty`
  } catch {
    return undefined
  }
}

async function git(...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', ['-C', PACKAGE, ...args], { timeout: 5000 })).stdout.trim()
}

function versionIn(manifest: string): string {
  return (JSON.parse(manifest) as { version: string }).version
}
