export { openWasmEngine } from './openWasmEngine.ts'
export { WasmEngine } from './wasmEngine.ts'
export type { OpenWasmOptions } from './wasmDevice.ts'
