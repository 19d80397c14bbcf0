import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { softwareVulkanEnvironment } from './packages/software-vulkan/src/index.ts'

// The Vulkan loader reads these when a process starts, so they are set here, before vitest forks its workers.
// GRADREC_TEST_ADAPTER (hardware, or part of an adapter's name) leaves the machine's own drivers in place.
if (process.env['GRADREC_TEST_ADAPTER'] === undefined) {
  Object.assign(process.env, await softwareVulkanEnvironment())
}

export default defineConfig({
  resolve: { conditions: ['@gradrec/source'] },
  ssr: { resolve: { conditions: ['@gradrec/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    pool: 'forks',
    // All cores: the longest files wait for a software driver that uses one.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
