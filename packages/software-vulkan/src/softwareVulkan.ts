import { join } from 'node:path'
import { unpackedArchive } from './unpackedArchive.ts'

/** There is no software driver for this platform. Code `E_SOFTWARE_VULKAN`. */
export class SoftwareVulkanError extends Error {
  readonly code = 'E_SOFTWARE_VULKAN'
  override readonly name = 'SoftwareVulkanError'
}

/**
 * The environment variables under which a process finds SwiftShader (a Vulkan driver that runs on the CPU) and nothing else.
 * They work only for a process started with them: the loader reads them once, at start.
 *
 * @throws SoftwareVulkanError where no such driver exists: anything but x86-64 Linux
 * @throws UnpackError where it cannot be unpacked
 */
export async function softwareVulkanEnvironment(): Promise<{ LD_LIBRARY_PATH: string; VK_ICD_FILENAMES: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SoftwareVulkanError(
      `the software Vulkan driver exists for x86-64 Linux only, and this is ${process.arch} ${process.platform}`,
    )
  }
  const folder = await unpackedArchive('swiftshader')
  return {
    LD_LIBRARY_PATH: withLibraryFolder(folder),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  }
}

/** The environment's library path with a folder before it. */
export function withLibraryFolder(folder: string): string {
  const rest = process.env['LD_LIBRARY_PATH']
  return rest === undefined || rest === '' ? folder : `${folder}:${rest}`
}
