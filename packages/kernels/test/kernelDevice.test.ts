import { DeviceLostError, DeviceUnavailableError, LimitError } from '@gradrec/engine'
import { describe, expect, test } from 'vitest'
import { create } from 'webgpu'
import { describeAdapters, openKernelDevice, ShaderError } from '../src/index.ts'
import { kernelDeviceOf } from '../src/openKernelDevice.ts'
import type { Shader } from '../src/shader.ts'
import * as shaders from '../src/wgsl.generated.ts'
import { testDevice } from './testDevice.ts'

const device = await testDevice({ gridWidth: 3 })
/** Kept for the life of the process, which may hang or abort when an instance of Dawn is collected while its adapter is in use. */
const nullBackend = create(['backend=null'])

describe('the adapter', () => {
  test('is a real one, and says what it is', () => {
    expect(device.info.name).not.toBe('')
    expect(['hardware', 'software']).toContain(device.info.kind)
    expect(device.info.reason).not.toBe('')
    if (process.env['GRADREC_TEST_ADAPTER'] === 'hardware') expect(device.info.kind).toBe('hardware')
  })

  test('is listed with features and limits', async () => {
    const adapters = await describeAdapters()
    expect(adapters.map(({ name }) => name)).toContain(device.info.name)
    expect(adapters[0]?.limits['maxBufferSize']).toBeGreaterThan(0)
  })

  test('that is not there is refused, with what is', async () => {
    const refused = openKernelDevice({ adapter: 'voodoo 2' })
    await expect(refused).rejects.toThrow(DeviceUnavailableError)
    await expect(refused).rejects.toThrow(/no WebGPU adapter fits "voodoo 2"; found ".+"/)
  })

  test('that accepts work without doing it is refused: the null backend', async () => {
    const adapter = await nullBackend.requestAdapter()
    if (adapter === null) throw new Error('Dawn has no null backend any more: this test needs another impostor')
    const info = { name: 'Null', vendor: '', architecture: '', kind: 'hardware', reason: 'a test' } as const
    await expect(kernelDeviceOf(adapter, info)).rejects.toThrow(/Null accepts work but does not compute it/)
  })
})

describe('shaders', () => {
  test.each(Object.values<Shader>(shaders).map((shader) => [shader.file, shader] as const))(
    '%s compiles',
    async (_, shader) => {
      const constants = Object.keys(shader.overrides).map((name) => [name, name === 'workgroupSize' ? 64 : 4])
      await device.kernel(shader, Object.fromEntries(constants))
    },
  )

  test('an error names the file and line it is in, also inside an include', async () => {
    const shader: Shader = {
      file: 'kernels/broken.wgsl',
      usesStep: false,
      bindings: {},
      overrides: {},
      uniforms: {},
      origins: [
        [1, 'kernels/broken.wgsl', 1],
        [2, 'wgsl/part.wgsl', 7],
      ],
      text: '// fine\nfn part() -> u32 { return 1.5; }\n@compute @workgroup_size(1) fn main() {}',
    }
    await expect(device.kernel(shader, {})).rejects.toThrow(ShaderError)
    await expect(device.kernel(shader, {})).rejects.toThrow(/wgsl\/part\.wgsl:7: .+return 1\.5/)
  })
})

describe('limits and losses', () => {
  test('a buffer larger than a binding is refused with both numbers', () => {
    const most = Math.min(device.gpu.limits.maxStorageBufferBindingSize, device.gpu.limits.maxBufferSize)
    const refuse = (): unknown => device.storage('the table', most + 4)
    expect(refuse).toThrow(LimitError)
    expect(refuse).toThrow(new RegExp(`needs a buffer of ${most + 4} bytes, but .+ binds at most ${most}`))
  })

  test('grids wider than the device allows are folded and cover everything', async () => {
    const count = 64 * 10
    const kernel = await device.kernel(shaders.gather, {})
    const table = device.upload(
      'table',
      Float32Array.from({ length: count * 4 }, (_, n) => n),
    )
    const rows = device.upload(
      'rows',
      Uint32Array.from({ length: count }, (_, n) => count - 1 - n),
    )
    const gathered = device.storage('gathered', count * 16)
    const shape = device.uniform('shape', shaders.gather.uniforms.shape, { count, vectors: 1 })
    const dispatch = kernel.bind({ table, rows, gathered, shape }, 10)
    device.submit((pass) => device.encode(pass, dispatch))
    const found = await device.readFloats(gathered, count * 4)
    expect(found[0]).toBe((count - 1) * 4)
    expect(found[count * 4 - 4]).toBe(0)
    expect(new Set(found).size).toBe(count * 4)
  })

  test('a lost device becomes one clear error, then and later', async () => {
    const lost = await testDevice()
    const buffer = lost.storage('buffer', 64)
    lost.gpu.destroy()
    await expect(lost.readFloats(buffer, 16)).rejects.toThrow(DeviceLostError)
    await expect(lost.readFloats(buffer, 16)).rejects.toThrow(
      /was lost \(destroyed.*start again from the last checkpoint/,
    )
  })

  test('what the device complains about fails the next call', async () => {
    const careless = await testDevice()
    const buffer = careless.storage('buffer', 64)
    careless.gpu.queue.writeBuffer(buffer, 60, new Uint8Array(64))
    await careless.gpu.queue.onSubmittedWorkDone()
    await expect(careless.readFloats(buffer, 16)).rejects.toThrow(/reported: .*(range|size)/s)
  })

  test('memory that cannot be had becomes one clear error', async () => {
    const greedy = await testDevice()
    await expect(
      greedy.allocate('a very large thing', () => {
        // Past maxBufferSize: what an exhausted device answers to a legal size as well.
        greedy.gpu.createBuffer({ size: 2 ** 46, usage: GPUBufferUsage.STORAGE })
      }),
    ).rejects.toThrow(/could not hold a very large thing: .+; use a smaller dimension or batch/s)
  })
})
