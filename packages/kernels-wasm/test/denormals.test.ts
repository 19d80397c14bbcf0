import { ADAM, randomSpec } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { openWasmEngine } from '../src/index.ts'

/** The smallest normal float32. */
const SMALLEST = 2 ** -126

test.each(['dense', 'lazy'] as const)('moments never become denormal, however long rows wait: %s', async (update) => {
  const engine = await openWasmEngine({ threads: 1 })
  const fit = await engine.fit(
    randomSpec({
      batch: 1,
      sampler: { positives: 'interaction', negatives: 1 },
      optimizer: { ...ADAM, beta2: 0.9, update },
    }),
  )
  for (let round = 0; round < 6; round++) {
    await fit.steps(333)
    const { slots } = await fit.read()
    for (const values of Object.values(slots)) {
      const smallest = values.reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), 1)
      expect(smallest).toBeGreaterThanOrEqual(SMALLEST)
    }
  }
  await engine.close()
})
