import { sampleSuite } from '@gradrec/parity'
import { afterAll } from 'vitest'
import { WasmDevice } from '../src/wasmDevice.ts'
import { WasmFit } from '../src/wasmFit.ts'

const device = await WasmDevice.open({ threads: 2 })
afterAll(() => device.close())

sampleSuite(async (spec, first, count) => {
  const fit = new WasmFit(device, spec)
  const state = await fit.read()
  await fit.restore({ ...state, step: first })
  await fit.plan(count)
  const rows = Array.from({ length: count }, (_, index) => fit.plannedRows(index))
  fit.close()
  return rows
})
