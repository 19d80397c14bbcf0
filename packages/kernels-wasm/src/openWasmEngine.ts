import { WasmDevice, type OpenWasmOptions } from './wasmDevice.ts'
import { WasmEngine } from './wasmEngine.ts'

/**
 * Opens the engine that computes on the CPU by WebAssembly SIMD, in worker threads where memory can be shared. Idle threads do
 * not keep a Node process alive; `close` ends them.
 *
 *     const engine = await openWasmEngine({ threads: 4 })
 *     const fit = await engine.fit(spec)
 *
 * @throws SpecError for options out of range
 * @throws DeviceUnavailableError where there is no WebAssembly SIMD, or no shared memory for the workers asked for
 */
export async function openWasmEngine(options: OpenWasmOptions = {}): Promise<WasmEngine> {
  return new WasmEngine(await WasmDevice.open(options))
}
