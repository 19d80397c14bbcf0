import type { AdapterDescription } from '@gradrec/kernels'
import type { AdapterWanted } from './adapterWanted.ts'
import type { DriverFiles } from './driverFiles.ts'
import type { Probed } from './probed.ts'

const WITHOUT = '--any-adapter runs the bundle on whatever there is, and ./bench --engine wasm on the CPU alone'

/** One sentence on why there is no such adapter, and what to do. */
export function diagnosis(
  wanted: AdapterWanted,
  files: DriverFiles,
  probes: readonly Probed[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const failure = probes.find((probed) => probed.failure !== undefined)?.failure
  const needs = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(failure ?? '')?.[1]
  if (needs !== undefined) {
    const owner = needs.startsWith('GLIBCXX') ? 'libstdc++' : 'glibc'
    return `WebGPU cannot be loaded: ${owner} is older than ${needs}; use Ubuntu 22.04, Debian 12 or newer`
  }
  const found = distinct(probes.flatMap(({ adapters }) => adapters))
  const instead = found.length === 0 ? 'no adapter at all' : `only ${found.map(describeAdapter).join(', ')}`
  if (wanted.kind === 'named')
    return `no adapter fits "${wanted.text}": there is ${instead}; ./doctor says what was tried`
  if (wanted.kind === 'any')
    return `there is no adapter at all: ${failure ?? 'no Vulkan driver was found'}; ./doctor says more`
  const named = environment['VK_DRIVER_FILES'] ?? environment['VK_ICD_FILENAMES']
  if (named !== undefined) {
    return `the GPU was not found among the drivers that VK_DRIVER_FILES or VK_ICD_FILENAMES name (${named}), ${instead}: unset them; ${WITHOUT}`
  }
  if (files.libraries.length === 0) {
    if (files.devices.length === 0) {
      return `there is no NVIDIA GPU here: neither /dev/nvidia* nor the driver’s Vulkan libraries exist (in a container, start it with --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all); ${WITHOUT}`
    }
    const capabilities = environment['NVIDIA_DRIVER_CAPABILITIES']
    const now = capabilities === undefined ? 'it is not set here' : `here it is "${capabilities}"`
    return `the GPU is there (${files.devices.join(' ')}) but not its driver’s Vulkan libraries (libGLX_nvidia.so.0, libEGL_nvidia.so.0): start the container with NVIDIA_DRIVER_CAPABILITIES=all or with graphics among them (${now}), or install the driver’s graphics part (libnvidia-gl)`
  }
  const why = failure ?? probes.flatMap(({ complaints = [] }) => complaints).find((line) => /nvidia/i.test(line))
  return `NVIDIA’s Vulkan driver is there (${files.libraries.join(', ')}) but gives no GPU, ${instead}${why === undefined ? '' : ` (${why.trim()})`}: ./doctor says what was tried`
}

export function describeAdapter({ name, vendor, architecture, kind }: AdapterDescription): string {
  const facts = [vendor, architecture, kind].filter((text) => text !== '').join(', ')
  return `${name} (${facts})`
}

function distinct(adapters: readonly AdapterDescription[]): AdapterDescription[] {
  return [...new Map(adapters.map((adapter) => [describeAdapter(adapter), adapter])).values()]
}
