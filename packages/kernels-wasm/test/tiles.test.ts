import { interactionGraph, type FitSpec, type FitState } from '@gradrec/engine'
import { randomInteractions, randomSpec } from '@gradrec/parity'
import { afterAll, expect, test } from 'vitest'
import { sideTiles, tileCount, type Tiling } from '../src/neighbourTiles.ts'
import { WasmDevice } from '../src/wasmDevice.ts'
import { WasmFit } from '../src/wasmFit.ts'

const [one, three] = [await WasmDevice.open({ threads: 1 }), await WasmDevice.open({ threads: 3 })]
afterAll(async () => {
  await one.close()
  await three.close()
})

const interactions = randomInteractions(90, 40, 700)

async function trained(device: WasmDevice, spec: FitSpec, tiling?: Tiling): Promise<readonly [FitState, Float32Array]> {
  const fit = new WasmFit(device, spec, tiling)
  await fit.steps(4)
  const result = [await fit.read(), (await fit.embeddings()).items.values] as const
  fit.close()
  return result
}

test.each([
  ['both sides', {}, { rows: 16, edges: 0 }],
  ['items alone', {}, { rows: 40, edges: 0 }],
  ['a tile for each row', {}, { rows: 1, edges: 0 }],
  ['a part of a block of columns', { dimension: 40 }, { rows: 16, edges: 0 }],
  ['few rows in a batch', { batch: 2 }, { rows: 16, edges: 0 }],
  ['all of a batch', { batch: interactions.columns.length }, { rows: 16, edges: 0 }],
  [
    'self-loops, dropout',
    { backbone: { kind: 'lgn', layers: 3, selfLoops: true, dropout: 0.25 } },
    { rows: 16, edges: 0 },
  ],
  ['towers', { objective: { kind: 'macr', l2: 0, itemWeight: 0.1, userWeight: 0.1 } }, { rows: 16, edges: 0 }],
] as const)('tiles change no bit, with any number of threads: %s', async (_, changes, tiling) => {
  const spec = randomSpec({ interactions, dimension: 32, batch: 30, backbone: { kind: 'lgn', layers: 2 }, ...changes })
  const whole = await trained(one, spec)
  expect(await trained(one, spec, tiling)).toEqual(whole)
  expect(await trained(three, spec, tiling)).toEqual(whole)
})

test('tiles have all edges of a side once, in order', () => {
  const graph = interactionGraph(interactions, { selfLoops: true })
  const edges = sideTiles(graph, [90, 130], [0, 90], 4)
  for (let row = 0; row < 40; row++) {
    expect(edges[row]).toBe(graph.rowPointer[90 + row])
    expect(edges[4 * 40 + row]).toBe(graph.rowPointer[91 + row])
    for (let tile = 0; tile < 4; tile++) {
      const columns = graph.columns.subarray(edges[tile * 40 + row], edges[(tile + 1) * 40 + row])
      for (const column of columns) expect(Math.min(3, Math.floor(column / 23))).toBe(tile)
    }
  }
})

test('tiles are as many as the neighbours need, and none where they would have few edges', () => {
  expect(tileCount(40, 90, 640, { rows: 25, edges: 4 })).toBe(4)
  expect(tileCount(40, 90, 639, { rows: 25, edges: 4 })).toBe(1)
  expect(tileCount(40, 90, 640, { rows: 90, edges: 0 })).toBe(1)
  expect(tileCount(40, 90, 0, { rows: 1, edges: 0 })).toBe(90)
})
