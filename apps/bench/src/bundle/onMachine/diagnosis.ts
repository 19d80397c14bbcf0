import type { AdapterDescription } from '@gradrec/kernels'
import type { AdapterWanted } from './adapterWanted.ts'
import type { DriverFiles } from './driverFiles.ts'
import type { Probed } from './probed.ts'

const DOCTOR = './doctor says what was tried'
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
  if (wanted.kind === 'named') return `no adapter fits "${wanted.text}": there is ${instead}; ${DOCTOR}`
  if (wanted.kind === 'any') return `there is no adapter at all: ${failure ?? 'no Vulkan driver was found'}; ${DOCTOR}`
  const named = environment['VK_DRIVER_FILES'] ?? environment['VK_ICD_FILENAMES']
  if (named !== undefined) {
    const variables = `VK_DRIVER_FILES or VK_ICD_FILENAMES name (${named})`
    return `the GPU was not found among the drivers that ${variables}, ${instead}: unset them; ${WITHOUT}`
  }
  if (files.libraries.length > 0) {
    const why = failure ?? probes.flatMap(({ complaints = [] }) => complaints).find((line) => /nvidia/i.test(line))
    const because = why === undefined ? '' : ` (${why.trim()})`
    return `NVIDIA’s Vulkan driver is there (${files.libraries.join(', ')}) but gives no GPU, ${instead}${because}: ${DOCTOR}`
  }
  if (files.devices.length === 0) {
    const missing = 'neither /dev/nvidia* nor the driver’s Vulkan libraries exist'
    const container = 'in a container, start it with --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all'
    return `there is no NVIDIA GPU here: ${missing} (${container}); ${WITHOUT}`
  }
  const capabilities = environment['NVIDIA_DRIVER_CAPABILITIES']
  return (
    `the GPU is there (${files.devices.join(' ')}) but not its driver’s Vulkan libraries (libGLX_nvidia.so.0, libEGL_nvidia.so.0): ` +
    'start the container with NVIDIA_DRIVER_CAPABILITIES=all or with graphics among them ' +
    `(${capabilities === undefined ? 'it is not set here' : `here it is "${capabilities}"`}), ` +
    'or install the driver’s graphics part (libnvidia-gl)'
  )
}

export function describeAdapter({ name, vendor, architecture, kind }: AdapterDescription): string {
  const facts = [vendor, architecture, kind].filter((text) => text !== '').join(', ')
  return `${name} (${facts})`
}

function distinct(adapters: readonly AdapterDescription[]): AdapterDescription[] {
  return [...new Map(adapters.map((adapter) => [describeAdapter(adapter), adapter])).values()]
}
