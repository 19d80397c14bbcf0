import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-fs'

/** The software driver could not be unpacked here. Code `E_SOFTWARE_VULKAN`. */
export class SoftwareVulkanError extends Error {
  readonly code = 'E_SOFTWARE_VULKAN'
  override readonly name = 'SoftwareVulkanError'
}

/**
 * The environment variables under which a process finds SwiftShader (a Vulkan driver that runs on the CPU) and nothing else.
 * They work only for a process started with them: the loader reads them once, at start.
 *
 * The driver comes from the npm package `@sparticuz/chromium` and is unpacked once per version into the user's cache folder.
 *
 * @throws SoftwareVulkanError where no such driver exists (anything but x86-64 Linux) or the folder cannot be written
 */
export async function softwareVulkanEnvironment(): Promise<{ LD_LIBRARY_PATH: string; VK_ICD_FILENAMES: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SoftwareVulkanError(
      `the software Vulkan driver exists for x86-64 Linux only, and this is ${process.arch} ${process.platform}`,
    )
  }
  const folder = await unpackedFolder()
  const rest = process.env['LD_LIBRARY_PATH']
  return {
    LD_LIBRARY_PATH: rest === undefined || rest === '' ? folder : `${folder}:${rest}`,
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  }
}

async function unpackedFolder(): Promise<string> {
  const archive = join(packageFolder(), 'bin', 'swiftshader.tar.br')
  const { version } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }
  const parents = [process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), tmpdir()]
  let failure: unknown
  for (const parent of parents) {
    const folder = join(parent, 'gradrec', `swiftshader-${version}`)
    if (existsSync(join(folder, 'vk_swiftshader_icd.json'))) return folder
    try {
      await unpack(archive, folder)
      return folder
    } catch (error) {
      failure = error
    }
  }
  throw new SoftwareVulkanError(
    `the software Vulkan driver could not be unpacked into ${parents.join(' or ')}: ${String(failure)}`,
  )
}

/** Unpacks beside the target and renames, so that two processes starting together never see half a driver. */
async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const partial = await mkdtemp(`${folder}-`)
  try {
    await pipeline(createReadStream(archive), createBrotliDecompress(), extract(partial))
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (!existsSync(join(folder, 'vk_swiftshader_icd.json'))) throw error
  }
}

/** The package's root: its entry point lies in build/cjs. */
function packageFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return join(dirname(entry), '..', '..')
}
