import {
  columnCounts,
  interactionGraph,
  rowColumns,
  type ArmDiscrepancy,
  type DiceObjective,
  type FitSpec,
  type FitState,
  type Optimizer,
} from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { distanceCorrelation, openOracleEngine, sampleStep } from '../src/index.ts'
import { normalTable, tinySpec, twoTastes } from './tinySpec.ts'

const engine = openOracleEngine()

const sgd: Optimizer = { kind: 'sgd', learningRate: 2, weightDecay: 0 }

/** Two more rows in the table, for the towers. */
function macrSpec(change: Partial<FitSpec> = {}): FitSpec {
  const objective = { kind: 'macr', l2: 1e-4, itemWeight: 0.1, userWeight: 0.1 } as const
  return tinySpec({ objective, initialTable: normalTable(44 * 8, 0.1), ...change })
}

function diceObjective(change: Partial<DiceObjective>): DiceObjective {
  const popularity = columnCounts(twoTastes())
  const discrepancy = { kind: 'l2', weight: 0.01 } as const
  return { kind: 'dice', l2: 1e-4, popularity, interest: 0.1, conformity: 0.1, decay: 0.9, discrepancy, ...change }
}

function diceByMargin(): FitSpec {
  const margin = { popularity: columnCounts(twoTastes()), margin: 2, decay: 0.9, pool: 2, downRule: 'margin' } as const
  return tinySpec({
    backbone: { kind: 'lgn', layers: 1 },
    objective: diceObjective({ discrepancy: { kind: 'l1', weight: 0.01 } }),
    sampler: { positives: 'interaction', negatives: 4, distinct: true, margin },
  })
}

/** From 1 for item 0 down to `least`. */
function perItem(least: number): Float32Array {
  return Float32Array.from({ length: 18 }, (_, item) => 1 - ((1 - least) * item) / 17)
}

async function stateOf(spec: FitSpec, steps: number): Promise<FitState> {
  const fit = await engine.fit(spec)
  await fit.steps(steps)
  return fit.read()
}

describe('a fit with an objective of its own', () => {
  it('trains MACR’s towers with the rest, and keeps them out of embeddings and propagation', async () => {
    for (const backbone of [{ kind: 'mf' }, { kind: 'lgn', layers: 2 }] as const) {
      const spec = macrSpec({ backbone })
      const fit = await engine.fit(spec)
      await fit.steps(5)
      const { table, slots } = await fit.read()
      const towers = 42 * 8
      expect(table.length).toBe(44 * 8)
      expect(slots['m']!.length).toBe(table.length)
      for (let at = towers; at < table.length; at++) expect(table[at]).not.toBe(spec.initialTable[at])
      const { users, items } = await fit.embeddings()
      expect([users.rows, items.rows]).toEqual([24, 18])
      const matrix = { rows: 42, dimension: 8, values: table.slice(0, towers) }
      const { values } = await engine.propagate(
        matrix,
        interactionGraph(spec.interactions),
        backbone.kind === 'lgn' ? backbone.layers : 0,
      )
      // What was read is rounded before it is propagated, and not only after.
      for (const [at, value] of [...users.values, ...items.values].entries()) expect(value).toBeCloseTo(values[at]!, 6)
    }
  })

  it('lets weight decay, but not L2, at MACR’s towers', async () => {
    const decaying = { kind: 'sgd', learningRate: 0.1, weightDecay: 0.5 } as const
    const towersOf = async (change: Partial<FitSpec>): Promise<Float32Array> =>
      (await stateOf(macrSpec({ optimizer: sgd, ...change }), 1)).table.slice(42 * 8)
    const objective = { ...macrSpec().objective, l2: 5 }
    expect(await towersOf({ objective })).toEqual(await towersOf({}))
    const [plain, decayed] = [
      await towersOf({ optimizer: { ...decaying, weightDecay: 0 } }),
      await towersOf({ optimizer: decaying }),
    ]
    const start = macrSpec().initialTable.slice(42 * 8)
    for (const [at, value] of decayed.entries()) expect(value).toBeCloseTo(plain[at]! - 0.05 * start[at]!, 6)
  })

  it('lets DICE’s weights decay at the end of an epoch', async () => {
    const dice = (decay: number): FitSpec => tinySpec({ objective: diceObjective({ decay }), optimizer: sgd })
    const { stepsPerEpoch } = await engine.fit(dice(1))
    expect((await stateOf(dice(0.5), stepsPerEpoch)).table).toEqual((await stateOf(dice(1), stepsPerEpoch)).table)
    expect((await stateOf(dice(0.5), stepsPerEpoch + 1)).table).not.toEqual(
      (await stateOf(dice(1), stepsPerEpoch + 1)).table,
    )
  })

  it('makes the halves of DICE’s rows tell less of each other by the distance correlation', async () => {
    const correlationAfter = async (weight: number): Promise<number> => {
      const discrepancy = { kind: 'dCor', weight } as const
      const { table } = await stateOf(tinySpec({ objective: diceObjective({ discrepancy }) }), 100)
      const ofHalf = (half: number): Float64Array =>
        Float64Array.from([...table].filter((_, at) => at >= 24 * 8 && Math.floor((at % 8) / 4) === half))
      return distanceCorrelation(ofHalf(0), ofHalf(1), 18).value
    }
    expect(await correlationAfter(1)).toBeLessThan(0.8 * (await correlationAfter(0)))
  })

  it.each<readonly [string, FitSpec]>([
    ['dice', tinySpec({ objective: diceObjective({}) })],
    ['dice, lgn, by margin', diceByMargin()],
    ['macr', macrSpec()],
    ['bpr, elu, factors', tinySpec({ objective: { kind: 'bpr', l2: 0, link: 'elu', scoreFactors: perItem(0.5) } })],
    ['bce, loss weights', tinySpec({ objective: { kind: 'bce', l2: 0, lossWeights: perItem(0.1) } })],
  ])('learns to score a user’s items above others: %s', async (_, spec) => {
    const fit = await engine.fit(spec)
    await fit.steps(40 * fit.stepsPerEpoch)
    const { users, items } = await fit.embeddings()
    const score = (u: number, i: number): number => {
      let sum = 0
      for (let f = 0; f < 8; f++) sum += users.values[u * 8 + f]! * items.values[i * 8 + f]!
      return sum
    }
    let [above, pairs] = [0, 0]
    for (let u = 0; u < 23; u++) {
      const owned = rowColumns(spec.interactions, u)
      for (const i of owned) {
        for (let j = 0; j < 18; j++) {
          if (owned.includes(j)) continue
          pairs++
          if (score(u, i) > score(u, j)) above++
        }
      }
    }
    expect(above / pairs).toBeGreaterThan(0.9)
  })
})

/** Nine items an arm. */
function inArms(discrepancy: ArmDiscrepancy, change: Partial<FitSpec> = {}): FitSpec {
  return tinySpec({ arms: { users: 'shared', discrepancy }, ...change })
}

describe('a fit with arms', () => {
  it('moves counterparts of drawn items, drawn or not, and no other row', async () => {
    const spec = inArms({ kind: 'l2', weight: 3 }, { batch: 1, optimizer: sgd })
    const { users, positives, negatives } = sampleStep(spec, 0)
    const pairs = new Set([...positives, ...negatives].map((item) => item % 9))
    const { table } = await stateOf(spec, 1)
    for (let row = 0; row < 42; row++) {
      const moved = table.slice(row * 8, row * 8 + 8).some((value, f) => value !== spec.initialTable[row * 8 + f])
      expect(moved).toBe(row < 24 ? row === users[0] : pairs.has((row - 24) % 9))
    }
  })

  it('leaves the treatment arm to its own loss where the gradient stops at it', async () => {
    const spec = inArms({ kind: 'l2', weight: 3, stopGradient: 'treatment' }, { batch: 1, optimizer: sgd })
    const { positives, negatives } = sampleStep(spec, 0)
    const drawn = new Set([...positives, ...negatives])
    const pairs = new Set([...drawn].map((item) => item % 9))
    const { table } = await stateOf(spec, 1)
    for (let item = 0; item < 18; item++) {
      const at = (24 + item) * 8
      const moved = table.slice(at, at + 8).some((value, f) => value !== spec.initialTable[at + f])
      expect(moved).toBe(item < 9 ? pairs.has(item) : drawn.has(item))
    }
  })

  it.each(['l1', 'l2'] as const)('brings counterparts together: %s', async (kind) => {
    const apartAfter = async (weight: number): Promise<number> => {
      const { table } = await stateOf(inArms({ kind, weight }), 60)
      let squares = 0
      for (let at = 24 * 8; at < 33 * 8; at++) squares += (table[at]! - table[at + 9 * 8]!) ** 2
      return Math.sqrt(squares)
    }
    expect(await apartAfter(1)).toBeLessThan(0.5 * (await apartAfter(0)))
  })
})
