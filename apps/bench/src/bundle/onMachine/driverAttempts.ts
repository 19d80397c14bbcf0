import type { DriverFiles } from './driverFiles.ts'

/** One way of starting a process so that it finds the GPU's Vulkan driver. */
export interface DriverAttempt {
  /** For people: which loader, which driver. */
  readonly description: string
  /** Variables to add to the environment. */
  readonly environment: Readonly<Record<string, string>>
}

export interface AttemptOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Folder of the Vulkan loader that comes with the bundle. */
  readonly ownLoader: string
  /** Writes a manifest for a driver's library and returns its path. */
  readonly writeManifest: (library: string) => string
}

/**
 * Every way worth trying, the least meddling first: as the machine is set up, then with each manifest of NVIDIA's named outright, then
 * with a manifest of our own for each of its libraries; with the machine's Vulkan loader where it has one, then with the bundle's.
 * Manifests that the environment names are left as they are.
 */
export function driverAttempts(files: DriverFiles, options: AttemptOptions): DriverAttempt[] {
  const { environment, ownLoader, writeManifest } = options
  const named = environment['VK_DRIVER_FILES'] ?? environment['VK_ICD_FILENAMES']
  const drivers: DriverAttempt[] =
    named === undefined
      ? [
          { description: 'drivers that the loader finds itself', environment: {} },
          ...files.manifests.map((path) => withManifest(path, path)),
          ...files.libraries.map((library) => withManifest(writeManifest(library), `${library} (manifest written)`)),
        ]
      : [{ description: `drivers as the environment says (${named})`, environment: {} }]
  const loaders =
    files.loader === undefined
      ? [{ description: 'the bundle’s Vulkan loader', folders: [ownLoader] }]
      : [
          { description: files.loader, folders: [] },
          { description: 'the bundle’s Vulkan loader', folders: [ownLoader] },
        ]
  return loaders.flatMap((loader) =>
    drivers.map((driver) => ({
      description: `${loader.description}; ${driver.description}`,
      environment: { ...driver.environment, ...libraryPath([...loader.folders], files.unknownFolders, environment) },
    })),
  )
}

/** Older loaders know only the second name. */
function withManifest(path: string, description: string): DriverAttempt {
  return { description, environment: { VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path } }
}

function libraryPath(
  before: readonly string[],
  after: readonly string[],
  environment: AttemptOptions['environment'],
): Record<string, string> {
  const given = (environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const folders = [...before, ...given, ...after]
  return before.length + after.length === 0 ? {} : { LD_LIBRARY_PATH: folders.join(':') }
}

/** A manifest that points the Vulkan loader to a library. */
export function manifestFor(library: string): string {
  return `${JSON.stringify({ file_format_version: '1.0.1', ICD: { library_path: library, api_version: '1.3.0' } }, undefined, 2)}\n`
}
