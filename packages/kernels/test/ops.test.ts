import { csrFromPairs, interactionGraph, NO_ITEM, SpecError, transposedGraph } from '@gradrec/engine'
import * as oracle from '@gradrec/oracle'
import { describe, expect, test } from 'vitest'
import {
  adam,
  adamState,
  bceGradients,
  bprGradients,
  distanceCorrelationGradient,
  gather,
  indices,
  readTensor,
  rowNormalize,
  rowNormalizeBackward,
  scatterAdd,
  spmm,
  tensor,
  topk,
  type KernelDevice,
} from '../src/index.ts'
import { ADAM, expectClose, randomInteractions, randomValues, unit } from '@gradrec/parity'
import { testDevice, TUNINGS } from './testDevice.ts'

const devices: [string, KernelDevice][] = []
for (const [name, tuning] of TUNINGS)
  devices.push([name, await testDevice({ ...tuning, gridWidth: 7, edgesPerChunk: 5 })])

const randomRows = (count: number, below: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, n) => Math.floor(unit(n, 3) ** 2 * below))

describe.each(devices)('with %s', (_, device) => {
  test.each([
    [0, 4],
    [1, 4],
    [37, 12],
    [1000, 64],
    [3, 512],
  ])('gather copies %i rows of %i numbers', async (count, dimension) => {
    const table = randomValues(50 * dimension, 1)
    const rows = randomRows(count, 50)
    const gathered = await gather(tensor(device, 50, dimension, table), indices(device, rows))
    const expected = oracle.gather(Float64Array.from(table), rows, dimension)
    expect(await readTensor(gathered)).toEqual(Float32Array.from(expected))
  })

  test.each([
    [0, 5, 4],
    [1, 1, 4],
    [500, 3, 12],
    [3000, 400, 64],
    [33, 10, 512],
  ])('scatterAdd adds %i rows into %i of %i numbers, the same bits twice', async (count, size, dimension) => {
    const before = randomValues(size * dimension, 1)
    const values = randomValues(count * dimension, 2)
    const rows = randomRows(count, size)
    const run = async (): Promise<Float32Array> => {
      const target = tensor(device, size, dimension, before)
      await scatterAdd(target, indices(device, rows), tensor(device, count, dimension, values))
      return readTensor(target)
    }
    const expected = Float64Array.from(before)
    oracle.scatterAdd(expected, rows, Float64Array.from(values), dimension)
    const first = await run()
    expectClose(first, expected, { absolute: 2e-5 })
    expect(await run()).toEqual(first)
  })

  test.each([
    [1, 4],
    [17, 12],
    [300, 64],
    [5, 512],
  ])('bprGradients of %i triples of width %i agree with the oracle', async (count, dimension) => {
    const [users, positives, negatives] = [1, 2, 3].map((stream) => randomValues(count * dimension, stream)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const rows = [users, positives, negatives].map((values) => tensor(device, count, dimension, values))
    const found = await bprGradients(rows[0]!, rows[1]!, rows[2]!, { weight: 1 / count })
    const losses = await readTensor(found.losses)
    for (let t = 0; t < count; t++) {
      const row = (values: Float32Array): Float64Array =>
        Float64Array.from(values.subarray(t * dimension, (t + 1) * dimension))
      expectClose([losses[t]!], [oracle.bpr(row(users), row(positives), row(negatives)).loss])
    }
    const expected = oracle.bprGradients(
      Float64Array.from(users),
      Float64Array.from(positives),
      Float64Array.from(negatives),
      dimension,
    )
    expectClose(await readTensor(found.users), expected.users)
    expectClose(await readTensor(found.positives), expected.positives)
    expectClose(await readTensor(found.negatives), expected.negatives)
  })

  test('bprGradients stay finite for scores far apart', async () => {
    const [low, high] = [-200, 200].map((value) => tensor(device, 1, 4, Float32Array.of(value, 0, 0, 0)))
    const found = await bprGradients(high!, low!, high!, { weight: 1 })
    expect((await readTensor(found.losses))[0]).toBe(80_000)
    expectClose(await readTensor(found.positives), [-200, 0, 0, 0])
  })

  test.each([
    [1, 4],
    [17, 12],
    [300, 64],
    [5, 512],
  ])('bceGradients of %i triples of width %i agree with the oracle', async (count, dimension) => {
    const [users, positives, negatives] = [1, 2, 3].map((stream) => randomValues(count * dimension, stream)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const rows = [users, positives, negatives].map((values) => tensor(device, count, dimension, values))
    const found = await bceGradients(rows[0]!, rows[1]!, rows[2]!, { weight: 1 / count })
    const losses = await readTensor(found.losses)
    for (let t = 0; t < count; t++) {
      const row = (values: Float32Array): Float64Array =>
        Float64Array.from(values.subarray(t * dimension, (t + 1) * dimension))
      expectClose([losses[t]!], [oracle.bce(row(users), row(positives), row(negatives)).loss])
    }
    const expected = oracle.bceGradients(
      Float64Array.from(users),
      Float64Array.from(positives),
      Float64Array.from(negatives),
      dimension,
    )
    expectClose(await readTensor(found.users), expected.users)
    expectClose(await readTensor(found.positives), expected.positives)
    expectClose(await readTensor(found.negatives), expected.negatives)
  })

  test('bceGradients stay finite for scores far from zero', async () => {
    const [low, high] = [-200, 200].map((value) => tensor(device, 1, 4, Float32Array.of(value, 0, 0, 0)))
    const found = await bceGradients(high!, low!, high!, { weight: 1 })
    expect((await readTensor(found.losses))[0]).toBe(80_000)
    expectClose(await readTensor(found.positives), [-200, 0, 0, 0])
    expectClose(await readTensor(found.negatives), [200, 0, 0, 0])
  })

  test.each([
    [1, 4],
    [33, 12],
    [400, 64],
    [7, 512],
  ])('rowNormalize of %i rows of width %i, and its way back, agree with the oracle', async (count, dimension) => {
    // Rows of very different lengths, every fifth of zeros.
    const lengths = Array.from({ length: count }, (__, row) => (row % 5 === 4 ? 0 : 10 ** (unit(row, 9) * 8 - 4)))
    const values = randomValues(count * dimension, 1).map((value, at) => value * lengths[Math.floor(at / dimension)]!)
    const gradient = randomValues(count * dimension, 2)
    const x = tensor(device, count, dimension, values)
    expectClose(await readTensor(await rowNormalize(x)), oracle.unitRows(Float64Array.from(values), dimension))
    const back = await readTensor(await rowNormalizeBackward(x, tensor(device, count, dimension, gradient)))
    const expected = oracle.throughUnitRows(Float64Array.from(values), Float64Array.from(gradient), dimension)
    // What is left of a gradient is small beside ‖g‖ / ‖x‖ where the two nearly point the same way.
    for (let at = 0; at < back.length; at++) {
      const length = lengths[Math.floor(at / dimension)]!
      expectClose([back[at]! * length], [expected[at]! * length], { absolute: 2e-6 })
    }
  })

  test.each([
    [1, 8],
    [2, 8],
    [3, 24],
    [50, 8],
    [129, 64],
    [300, 40],
    [9, 512],
  ])('distanceCorrelationGradient of %i rows of width %i agrees with the oracle', async (count, dimension) => {
    // Halves that have to do with each other: the second one is the first, and something of its own.
    const values = randomValues(count * dimension, 1)
    for (let at = 0; at < values.length; at++) {
      if (at % dimension >= dimension / 2) values[at] = values[at]! + values[at - dimension / 2]!
    }
    // Every seventh row is the one before, at a distance of zero.
    for (let row = 6; row < count; row += 7) {
      values.copyWithin(row * dimension, (row - 1) * dimension, row * dimension)
    }
    const run = async (): Promise<Float32Array> =>
      readTensor(await distanceCorrelationGradient(tensor(device, count, dimension, values), { weight: count }))
    const expected = oracle.discrepancyTerm(Float64Array.from(values), dimension, { kind: 'dCor', weight: count })
    const found = await run()
    expectClose(found, expected.gradient, { absolute: 1e-5 })
    expect(await run()).toEqual(found)
  })

  test.each([
    [5, 4, 8, 4],
    [40, 30, 400, 12],
    [60, 20, 900, 64],
  ])('spmm over %i users and %i items agrees with the oracle', async (users, items, pairs, dimension) => {
    for (const options of [{}, { selfLoops: true, degreeExponent: 0.8 }]) {
      const graph = interactionGraph(randomInteractions(users, items, pairs), options)
      const x = randomValues(graph.nodes * dimension, 4)
      for (const matrix of [graph, transposedGraph(graph)]) {
        const product = await spmm(matrix, tensor(device, graph.nodes, dimension, x))
        expectClose(await readTensor(product), oracle.spmm(matrix, Float64Array.from(x), dimension))
      }
    }
  })

  test.each([
    ['plain', {}],
    ['with weight decay', { weightDecay: 0.1 }],
    ['amsgrad', { amsgrad: true, beta1: 0.5, beta2: 0.5 }],
  ])('adam, %s, agrees with the oracle over many steps', async (__, changes) => {
    const options = { ...ADAM, ...changes }
    const table = randomValues(120, 5)
    const onDevice = tensor(device, 10, 12, table)
    const state = adamState(onDevice, options)
    const expected = Float64Array.from(table)
    const moments = oracle.adamMoments(120, options.amsgrad)
    for (let t = 1; t <= 20; t++) {
      const gradient = randomValues(120, 100 + t, t % 3 === 0 ? 0.01 : 1)
      await adam(onDevice, tensor(device, 10, 12, gradient), state, options)
      oracle.adam(expected, Float64Array.from(gradient), moments, t, options)
    }
    expectClose(await readTensor(onDevice), expected, { absolute: 1e-5 })
  })

  test.each([
    { rows: 1, items: 1, k: 1 },
    { rows: 3, items: 10, k: 20 },
    { rows: 20, items: 700, k: 20 },
    { rows: 2, items: 5000, k: 1024 },
  ])('topk is exact, ties included: %j', async ({ rows, items, k }) => {
    // Few distinct values, so that many items tie; rows 0, 2, 4 … exclude a third of the items.
    const scores = Float32Array.from({ length: rows * items }, (__, n) => Math.floor(unit(n, 6) * 40) - 20)
    const pairs = Array.from(scores.keys()).filter((n) => Math.floor(n / items) % 2 === 0 && unit(n, 7) < 0.33)
    const exclude = csrFromPairs(
      pairs.map((n) => Math.floor(n / items)),
      pairs.map((n) => n % items),
      rows,
      items,
    )
    const onDevice = tensor(device, rows, items, scores)
    const found = await topk(onDevice, { k, exclude })
    for (let row = 0; row < rows; row++) {
      const excluded = exclude.columns.subarray(exclude.rowPointer[row], exclude.rowPointer[row + 1])
      const expected = oracle.topK(Float64Array.from(scores.subarray(row * items, (row + 1) * items)), k, excluded)
      expect([...found.items.subarray(row * k, (row + 1) * k)]).toEqual([...expected.items])
      expect([...found.scores.subarray(row * k, (row + 1) * k)]).toEqual([...expected.scores])
    }
    expect(await readTensor(onDevice)).toEqual(scores)
  })
})

test('topk lists nobody where everything is excluded, and treats −0 and 0 alike', async () => {
  const device = devices[0]![1]
  const scores = tensor(device, 2, 3, Float32Array.of(1, 2, 3, 0, -0, 0))
  const exclude = csrFromPairs([0, 0, 0], [0, 1, 2], 2, 3)
  const { items, scores: found } = await topk(scores, { k: 2, exclude })
  expect([...items]).toEqual([NO_ITEM, NO_ITEM, 0, 1])
  expect([...found.subarray(0, 2)]).toEqual([-Infinity, -Infinity])
})

test('shapes that do not fit are refused', async () => {
  const device = devices[0]![1]
  expect(() => tensor(device, 2, 4, new Float32Array(7))).toThrow(/a 2 × 4 tensor takes 8 numbers; got 7/)
  await expect(gather(tensor(device, 2, 3), indices(device, new Uint32Array(1)))).rejects.toThrow(/multiple of 4/)
  await expect(
    bprGradients(tensor(device, 1, 4), tensor(device, 2, 4), tensor(device, 1, 4), { weight: 1 }),
  ).rejects.toThrow(SpecError)
  await expect(distanceCorrelationGradient(tensor(device, 2, 12), { weight: 1 })).rejects.toThrow(/multiple of 8/)
  await expect(topk(tensor(device, 1, 4), { k: 1025 })).rejects.toThrow(
    /k is 1025; expected a whole number from 1 to 1024/,
  )
})
