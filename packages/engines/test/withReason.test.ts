import { expect, it } from 'vitest'
import { openWasmEngine } from '@gradrec/kernels-wasm'
import { withReason } from '../src/withReason.ts'

it('gives another reason, and keeps all that the engine can do', async () => {
  const engine = await openWasmEngine({ threads: 1 })
  try {
    const reasoned = withReason(engine, 'the other one was taken')
    expect(reasoned.device).toEqual({ ...engine.device, reason: 'the other one was taken' })
    expect(engine.device.reason).not.toBe('the other one was taken')
    const users = { rows: 1, dimension: 4, values: Float32Array.of(1, 0, 0, 0) }
    const items = { rows: 2, dimension: 4, values: Float32Array.of(1, 0, 0, 0, 2, 0, 0, 0) }
    const { items: best } = await reasoned.rank(users, items, { k: 1 })
    expect([...best]).toEqual([1])
    // More than the seam asks of an engine.
    expect((await reasoned.measureCopy(1 << 16, { rounds: 1 })).bytesPerSecond).toBeGreaterThan(0)
  } finally {
    await engine.close()
  }
})
