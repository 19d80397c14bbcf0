import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-fs'

/** A driver or library that npm delivered could not be unpacked. Code `E_UNPACK`. */
export class UnpackError extends Error {
  readonly code = 'E_UNPACK'
  override readonly name = 'UnpackError'
}

/**
 * The folder that holds what is in one of the archives of `@sparticuz/chromium`: `swiftshader` (a Vulkan driver that runs on
 * the CPU, and the Vulkan loader) or `al2023` (libraries that its Chromium needs and a bare system may lack). Unpacked once per
 * version into the user's cache folder, or the temporary folder where that cannot be written.
 *
 * @throws UnpackError naming both folders
 */
export async function unpackedArchive(name: 'swiftshader' | 'al2023'): Promise<string> {
  const archive = join(packageFolder(), 'bin', `${name}.tar.br`)
  const { version } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }
  const parents = [process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), tmpdir()]
  let failure: unknown
  for (const parent of parents) {
    const folder = join(parent, 'gradrec', `${name}-${version}`)
    try {
      if (!existsSync(folder)) await unpack(archive, folder)
      return folder
    } catch (error) {
      failure = error
    }
  }
  throw new UnpackError(`${name}.tar.br could not be unpacked into ${parents.join(' or ')}: ${String(failure)}`)
}

/** Unpacks beside the target and renames, so that the target is whole or not there, also when two processes start together. */
async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const partial = await mkdtemp(`${folder}-`)
  try {
    await pipeline(createReadStream(archive), createBrotliDecompress(), extract(partial))
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

/** The package's root: its entry point lies in build/cjs. */
function packageFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return join(dirname(entry), '..', '..')
}
