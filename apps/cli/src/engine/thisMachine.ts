import type { Machine } from './machine.ts'
import { restartInSoftware, RESTARTED } from './softwareFallback.ts'
import { surelyNoVulkanLoader } from './vulkanLoader.ts'

/** The machine this process runs on. The WebGPU bindings are loaded on first use: `--help` must not wait for them. */
export const thisMachine: Machine = {
  platform: `${process.arch} ${process.platform}`,
  restarted: process.env[RESTARTED] !== undefined,
  async describeAdapters() {
    if (await surelyNoVulkanLoader()) return []
    return (await import('@gradrec/kernels')).describeAdapters()
  },
  async openEngine(kind, options) {
    return (await import('@gradrec/engines')).openEngine(kind, options)
  },
  async softwareEnvironment() {
    return (await import('@gradrec/software-vulkan')).softwareVulkanEnvironment()
  },
  restart: restartInSoftware,
}
