import { expect, test } from 'vitest'
import { openKernelDevice } from '../src/openKernelDevice.ts'
import * as shaders from '../src/wgsl.generated.ts'
import type { Shader } from '../src/shader.ts'

test('every shader compiles', async () => {
  const device = await openKernelDevice()
  for (const shader of Object.values<Shader>(shaders)) {
    const constants = Object.fromEntries(
      Object.keys(shader.overrides).map((name) => [name, name === 'workgroupSize' ? 64 : 4]),
    )
    await device.kernel(shader, constants)
  }
  expect(device.info.name).not.toBe('')
  await device.close()
})
