import { csrFromPairs, type FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { openEngine } from '../src/index.ts'

test('smoke', async () => {
  const users = 50, items = 40, d = 8
  const u: number[] = [], i: number[] = []
  for (let k = 0; k < 400; k++) { u.push((k * 7919) % users); i.push((k * k * 31 + k) % items) }
  const interactions = csrFromPairs(u, i, users, items)
  const spec: FitSpec = {
    dimension: d, interactions, backbone: { kind: 'lgn', layers: 2 }, objective: { kind: 'bpr', l2: 1e-3 }, sampler: { positives: 'interaction', negatives: 3 },
    optimizer: { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, amsgrad: false },
    batch: 64, seed: 12345, initialTable: Float32Array.from({ length: (users + items) * d }, (_, k) => Math.sin(k) * 0.1),
  }
  const gpu = await openEngine('auto'); const oracle = openOracleEngine()
  const a = await gpu.fit(spec), b = await oracle.fit(spec)
  console.log(await a.steps(1), await b.steps(1))
  console.log(await a.steps(20), await b.steps(20))
  const sa = await a.read(), sb = await b.read()
  let worst = 0; sa.table.forEach((x, k) => { worst = Math.max(worst, Math.abs(x - sb.table[k]!)) })
  console.log(gpu.device, worst)
  const e = await a.embeddings(), f = await b.embeddings()
  console.log(e.users.values.slice(0, 4), f.users.values.slice(0, 4))
  const r = await gpu.rank(e.users, e.items, { k: 5, exclude: interactions }), q = await oracle.rank(f.users, f.items, { k: 5, exclude: interactions })
  console.log(r.items.slice(0, 10), q.items.slice(0, 10), r.scores.slice(0, 5), q.scores.slice(0, 5))
  expect(worst).toBeLessThan(1e-4)
  await gpu.close()
})
