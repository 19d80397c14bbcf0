import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What of Vulkan and of NVIDIA's driver there is on a machine. */
export interface DriverFiles {
  /** The Vulkan loader that the dynamic linker finds by itself. */
  readonly loader: string | undefined
  /** Manifests that point the loader to NVIDIA's driver. */
  readonly manifests: readonly string[]
  /** NVIDIA's Vulkan drivers: libGLX_nvidia, which needs X11's libraries, and libEGL_nvidia, which does not. */
  readonly libraries: readonly string[]
  /** Folders of these libraries that the dynamic linker does not look into. */
  readonly unknownFolders: readonly string[]
  /** /dev/nvidia0 and the like. */
  readonly devices: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

const LOADER = 'libvulkan.so.1'
const DRIVERS = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']

/** Where manifests are, the loader's own places first; containers of several clouds mount the driver under /usr/local/nvidia. */
const MANIFEST_FOLDERS = [
  '/etc/xdg/vulkan/icd.d',
  '/usr/local/etc/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
  '/usr/local/nvidia/vulkan/icd.d',
  '/usr/local/nvidia/etc/vulkan/icd.d',
  '/run/opengl-driver/share/vulkan/icd.d',
]

/** Where the dynamic linker looks without being told. */
const DEFAULT_FOLDERS = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/lib',
  '/usr/lib',
]
/** Where a driver lies that it may have to be told of. */
const OTHER_FOLDERS = [
  '/usr/local/nvidia/lib64',
  '/usr/local/nvidia/lib',
  '/usr/local/lib/x86_64-linux-gnu',
  '/usr/local/lib',
  '/usr/lib/x86_64-linux-gnu/nvidia/current',
  '/usr/lib/nvidia',
  '/opt/nvidia/lib64',
  '/run/opengl-driver/lib',
]

/**
 * Looks for the driver's files.
 *
 * @param root what stands for `/`
 * @param cached what the dynamic linker's cache holds: paths of libraries
 */
export function driverFiles(
  environment: Environment,
  root: string = '/',
  cached: readonly string[] = linkerCache(),
): DriverFiles {
  const at = (path: string): string => join(root, path)
  const listed = (environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const known = [...listed, ...DEFAULT_FOLDERS.map(at)]
  const find = (name: string): string | undefined =>
    [
      ...listed.map((folder) => join(folder, name)),
      ...cached.filter((path) => basename(path) === name),
      ...[...DEFAULT_FOLDERS, ...OTHER_FOLDERS].map((folder) => join(at(folder), name)),
    ].find((path) => existsSync(path))
  const libraries = DRIVERS.map(find).filter((path) => path !== undefined)
  const loader = find(LOADER)
  const isKnown = (path: string): boolean => cached.includes(path) || known.includes(dirname(path))
  return {
    loader: loader !== undefined && isKnown(loader) ? loader : undefined,
    manifests: manifestFolders(environment).flatMap((folder) => manifestsIn(at(folder))),
    libraries,
    unknownFolders: [...new Set(libraries.filter((path) => !isKnown(path)).map(dirname))],
    devices: namesIn(at('/dev'))
      .filter((name) => name.startsWith('nvidia'))
      .map((name) => `/dev/${name}`),
  }
}

function manifestFolders({ HOME, XDG_CONFIG_HOME, XDG_DATA_HOME }: Environment): string[] {
  const home = HOME === undefined || HOME === '' ? [] : [join(HOME, '.config'), join(HOME, '.local', 'share')]
  const own = [XDG_CONFIG_HOME, XDG_DATA_HOME, ...home].filter(isGiven)
  return [...own.map((folder) => join(folder, 'vulkan', 'icd.d')), ...MANIFEST_FOLDERS]
}

function isGiven(folder: string | undefined): folder is string {
  return folder !== undefined && folder !== ''
}

function manifestsIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .filter((path) => isOfNvidia(path))
}

/** The manifest's text decides, whatever the file is called: it names the library. */
function isOfNvidia(path: string): boolean {
  try {
    return /"library_path"\s*:\s*"[^"]*nvidia/i.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}

/** Paths in the dynamic linker's cache; its program is often outside a user's PATH, and missing in very small images. */
function linkerCache(): string[] {
  for (const program of ['/sbin/ldconfig', '/usr/sbin/ldconfig', 'ldconfig']) {
    try {
      const printed = execFileSync(program, ['-p'], {
        encoding: 'utf8',
        timeout: 5000,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      return printed
        .split('\n')
        .filter((line) => line.includes('x86-64'))
        .flatMap((line) => line.split(' => ')[1]?.trim() ?? [])
    } catch {
      continue
    }
  }
  return []
}
