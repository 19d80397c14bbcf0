import { fileURLToPath } from 'node:url'
import { runInBrowser } from '@gradrec/headless-browser'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { trainAndRecommend, type Recommended } from './browser/trainAndRecommend.ts'

const page = fileURLToPath(new URL('browser/trainAndRecommend.ts', import.meta.url))

test('a browser tab trains, tunes and recommends through WebGPU', async () => {
  const found = (await runInBrowser(page, { isolated: true })) as Recommended
  const expected = await trainAndRecommend(openOracleEngine())
  expect(found.engine).toBe('webgpu')
  expect(found.dials).toEqual(expected.dials)
  for (const [n, { user, isKnown, items }] of found.lists.entries()) {
    expect({ user, isKnown }).toEqual({ user: expected.lists[n]?.user, isKnown: user !== 'nobody' })
    // The same items; scores of float32 and float64 after the same steps.
    expect(items.map(({ item }) => item)).toEqual(expected.lists[n]?.items.map(({ item }) => item))
    for (const [place, { score }] of items.entries()) {
      expect(score).toBeCloseTo(expected.lists[n]?.items[place]?.score ?? Number.NaN, 3)
    }
  }
})
