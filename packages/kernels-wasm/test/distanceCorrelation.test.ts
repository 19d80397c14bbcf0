import { csrFromPairs, type DiceObjective, type FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expectClose, itemNumbers, randomInteractions, randomSpec, randomValues } from '@gradrec/parity'
import { afterAll, expect, test } from 'vitest'
import { openWasmEngine } from '../src/index.ts'

const threads = await openWasmEngine({ threads: 2 })
const caller = await openWasmEngine({ run: 'caller' })
afterAll(async () => {
  await threads.close()
  await caller.close()
})

const SGD = { kind: 'sgd', learningRate: 1, weightDecay: 0 } as const

/** Nothing but −ln σ and the discrepancy. */
function dice(spec: Pick<FitSpec, 'interactions'>, kind: 'none' | 'dCor', weight: number): DiceObjective {
  const { popularity } = itemNumbers(spec.interactions)
  return { kind: 'dice', l2: 0, popularity, interest: 0, conformity: 0, decay: 1, discrepancy: { kind, weight } }
}

async function tableAfterOneStep(engine: typeof threads, spec: FitSpec): Promise<Float32Array> {
  const fit = await engine.fit(spec)
  await fit.steps(1)
  const { table } = await fit.read()
  fit.close()
  return table
}

test.each([1, 3])(
  'rows that coincide, are close, and lie far from zero agree with the oracle: table %i',
  async (stream) => {
    const interactions = randomInteractions(60, 45, 500)
    const initialTable = randomValues(105 * 16, stream, 0.5)
    for (const [n, value] of initialTable.entries()) {
      const [row, column] = [Math.floor(n / 16), n % 16]
      // Every third row has the next row's first half, and about its second one.
      const next = initialTable[n + 16] ?? 0
      if (row % 3 === 0) initialTable[n] = column < 8 ? next : next + 1e-3 * value
    }
    // As if by training: far from zero, and exact in float32, so that rows still coincide.
    for (let n = 0; n < initialTable.length; n++) initialTable[n] = Math.fround(initialTable[n]! + 2)
    const spec = randomSpec({
      interactions,
      dimension: 16,
      initialTable,
      objective: dice({ interactions }, 'dCor', 20),
      optimizer: SGD,
    })
    const oracle = await openOracleEngine().fit(spec)
    await oracle.steps(1)
    const expected = await oracle.read()
    const found = await tableAfterOneStep(threads, spec)
    expect(Math.max(...found.map((value, n) => Math.abs(value - initialTable[n]!)))).toBeGreaterThan(0.3)
    // Close rows have weights of up to a thousand times their distance, whose rounding is left where their terms cancel.
    expectClose(found, expected.table, { absolute: 1e-4, relative: 0 })
  },
)

test('distances for which there is no room agree with the formulas, the same bits with any number of threads', async () => {
  const [users, items, dimension, weight] = [400, 4500, 8, 4000]
  // Two items a user, and 64 negatives: nearly all items.
  const pairs = Array.from({ length: 2 * users }, (_, n) => n)
  const interactions = csrFromPairs(
    pairs.map((n) => n >> 1),
    pairs.map((n) => (n * 5) % items),
    users,
    items,
  )
  const spec = randomSpec({
    interactions,
    dimension,
    initialTable: randomValues((users + items) * dimension, 5, 0.5),
    optimizer: SGD,
    sampler: { positives: 'user', negatives: 64, distinct: true },
    batch: users,
    objective: dice({ interactions }, 'none', 0),
  })
  const correlated = { ...spec, objective: dice(spec, 'dCor', weight) }
  const [without, found] = [await tableAfterOneStep(threads, spec), await tableAfterOneStep(threads, correlated)]
  expect(await tableAfterOneStep(caller, correlated)).toEqual(found)

  const rowOf = (values: Float32Array, row: number): Float32Array =>
    values.subarray(row * dimension, (row + 1) * dimension)
  const touched: number[] = []
  for (let row = users; row < users + items; row++) {
    if (rowOf(without, row).some((value, f) => value !== rowOf(spec.initialTable, row)[f])) touched.push(row)
  }
  // More than the 4,088 rows whose distances fit into 64 MiB.
  expect(touched.length).toBeGreaterThan(4200)
  const points = touched.map((row) => rowOf(spec.initialTable, row))
  const gradientOf = distanceGradients(points)
  for (const k of [0, 1, 2047, touched.length - 1]) {
    const change = rowOf(found, touched[k]!).map((value, f) => rowOf(without, touched[k]!)[f]! - value)
    const expected = gradientOf(k).map((value) => weight * value)
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1)
    expectClose(change, expected, { absolute: 5e-6, relative: 0 })
  }
})

/** The formulas at `Discrepancy` without keeping n² of anything. */
function distanceGradients(points: readonly Float32Array[]): (k: number) => number[] {
  const count = points.length
  const half = points[0]!.length / 2
  const distance = (k: number, l: number, from: number): number => {
    let squares = 0
    for (let f = from; f < from + half; f++) squares += (points[k]![f]! - points[l]![f]!) ** 2
    return Math.sqrt(squares)
  }
  const means = [0, half].map((from) =>
    points.map((_, k) => points.reduce((sum, _point, l) => sum + distance(k, l, from), 0) / count),
  )
  const [mean0, mean1] = means.map((ofRows) => ofRows.reduce((sum, value) => sum + value, 0) / count)
  const [rowsA, rowsB] = [means[0]!, means[1]!]
  const A = (k: number, l: number): number => distance(k, l, 0) - rowsA[k]! - rowsA[l]! + mean0!
  const B = (k: number, l: number): number => distance(k, l, half) - rowsB[k]! - rowsB[l]! + mean1!
  let [sAB, sAA, sBB] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    for (let l = 0; l < count; l++) {
      const [a, b] = [A(k, l), B(k, l)]
      sAB += (a * b) / count ** 2
      sAA += (a * a) / count ** 2
      sBB += (b * b) / count ** 2
    }
  }
  const value = Math.sqrt(sAB) / (sAA * sBB) ** 0.25
  return (k) => {
    const gradient = Array.from({ length: 2 * half }, () => 0)
    for (let l = 0; l < count; l++) {
      if (l === k) continue
      const byA = (value * (B(k, l) / (2 * sAB) - A(k, l) / (2 * sAA))) / count ** 2 / distance(k, l, 0)
      const byB = (value * (A(k, l) / (2 * sAB) - B(k, l) / (2 * sBB))) / count ** 2 / distance(k, l, half)
      for (let f = 0; f < half; f++) {
        gradient[f]! += 2 * byA * (points[k]![f]! - points[l]![f]!)
        gradient[f + half]! += 2 * byB * (points[k]![f + half]! - points[l]![f + half]!)
      }
    }
    return gradient
  }
}
