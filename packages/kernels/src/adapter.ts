import { DeviceUnavailableError, type DeviceInfo } from '@gradrec/engine'
import { openWebGpu } from './webGpu.ts'

/** Which adapter to take: the best there is, a kind, or one whose description contains a text. */
export type AdapterChoice = 'auto' | 'hardware' | 'software' | (string & {})

/** An adapter as `gradrec doctor` shows it. */
export interface AdapterDescription {
  readonly name: string
  readonly vendor: string
  readonly architecture: string
  readonly kind: DeviceInfo['kind']
  readonly features: readonly string[]
  readonly limits: Readonly<Record<string, number>>
}

/** All adapters that WebGPU offers here, hardware first; empty where there is no driver at all. */
export async function describeAdapters(): Promise<AdapterDescription[]> {
  return (await allAdapters()).map((adapter) => {
    const limits: Record<string, number> = {}
    for (const name in adapter.limits) {
      const value: unknown = Reflect.get(adapter.limits, name)
      if (typeof value === 'number') limits[name] = value
    }
    return {
      ...factsOf(adapter),
      features: [...adapter.features].toSorted(),
      limits,
    }
  })
}

/**
 * The adapter for a choice, and why it was taken.
 *
 * @throws DeviceUnavailableError naming what was looked for and what is there
 */
export async function chooseAdapter(choice: AdapterChoice): Promise<{ adapter: GPUAdapter; info: DeviceInfo }> {
  const adapters = await allAdapters()
  const fits = (adapter: GPUAdapter): boolean => {
    const { name, vendor, architecture, kind } = factsOf(adapter)
    if (choice === 'auto') return true
    if (choice === 'hardware' || choice === 'software') return kind === choice
    return `${name} ${vendor} ${architecture}`.toLowerCase().includes(choice.toLowerCase())
  }
  const adapter = adapters.find(fits)
  if (adapter === undefined) {
    const found = adapters.map((other) => factsOf(other).name)
    throw new DeviceUnavailableError(
      found.length === 0
        ? 'no WebGPU adapter was found: there is no Vulkan, Metal or Direct3D 12 driver that this process can load'
        : `no WebGPU adapter fits "${choice}"; found ${found.map((name) => `"${name}"`).join(', ')}`,
    )
  }
  const facts = factsOf(adapter)
  return { adapter, info: { ...facts, reason: reasonFor(choice, facts.kind) } }
}

async function allAdapters(): Promise<GPUAdapter[]> {
  const gpu = await openWebGpu()
  const requests: GPURequestAdapterOptions[] = [
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ]
  const adapters = new Map<string, GPUAdapter>()
  for (const request of requests) {
    const adapter = await gpu.requestAdapter(request)
    if (adapter === null) continue
    const { name, architecture, vendor } = factsOf(adapter)
    const id = `${name}|${vendor}|${architecture}`
    if (!adapters.has(id)) adapters.set(id, adapter)
  }
  const rank = (adapter: GPUAdapter): number => (factsOf(adapter).kind === 'hardware' ? 0 : 1)
  return [...adapters.values()].toSorted((a, b) => rank(a) - rank(b))
}

function factsOf(adapter: GPUAdapter): Omit<DeviceInfo, 'reason'> {
  const { vendor, architecture, device, description } = adapter.info
  const name = [device, description].filter((text) => text !== '').join(', ') || vendor || 'unnamed adapter'
  const isSoftware =
    adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render|warp/i.test(`${name} ${architecture}`)
  return { name, vendor, architecture, kind: isSoftware ? 'software' : 'hardware' }
}

function reasonFor(choice: AdapterChoice, kind: DeviceInfo['kind']): string {
  if (choice === 'auto') {
    return kind === 'hardware' ? 'a GPU was found' : 'no GPU was found, only a driver that runs on the CPU'
  }
  return choice === 'hardware' || choice === 'software'
    ? `a ${choice} adapter was asked for`
    : `"${choice}" was asked for`
}
