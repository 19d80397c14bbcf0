import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const LIBRARY = 'libvulkan.so.1'

/**
 * Whether this Linux surely has no Vulkan loader, so that looking for adapters would find none and print a warning of the
 * bindings' own that cannot be held back. `false` where it is not known.
 */
export async function surelyNoVulkanLoader(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  if (folders.some((folder) => existsSync(join(folder, LIBRARY)))) return false
  try {
    // The loader's own cache of libraries; its program is often outside a user's PATH.
    const { stdout } = await promisify(execFile)('/sbin/ldconfig', ['-p'], { timeout: 5000 })
    return stdout.includes('libc.so') && !stdout.includes(LIBRARY)
  } catch {
    return false
  }
}
