import { interactionGraph, transposedGraph, type Engine, type Graph } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { expectClose } from './closeTo.ts'
import { randomInteractions, randomValues } from './randomRun.ts'

const oracle = openOracleEngine()

/** Propagation agrees with the oracle, on rows without edges and rows with very many. */
export function propagateSuite(engine: () => Engine): void {
  test.each([
    { dimension: 16, layers: 0 },
    { dimension: 16, layers: 1 },
    { dimension: 4, layers: 2 },
    { dimension: 12, layers: 5 },
    { dimension: 512, layers: 3 },
  ])('propagates like the oracle: %j', async ({ dimension, layers }) => {
    const graph = interactionGraph(randomInteractions(600, 20, 6000))
    const table = { rows: graph.nodes, dimension, values: randomValues(graph.nodes * dimension, 8) }
    const found = await engine().propagate(table, graph, layers)
    const expected = await oracle.propagate(table, graph, layers)
    expect({ ...found, values: 0 }).toEqual({ ...expected, values: 0 })
    expectClose(found.values, expected.values)
  })

  const skewed = { selfLoops: true, degreeExponent: 0.2 }
  const interactions = randomInteractions(600, 20, 6000)
  test.each<readonly [string, Graph]>([
    ['self-loops', interactionGraph(interactions, { selfLoops: true })],
    ['all of the norm on the node itself', interactionGraph(interactions, { degreeExponent: 0 })],
    ['self-loops and a degree exponent', interactionGraph(interactions, skewed)],
    ['self-loops and a degree exponent, transposed', transposedGraph(interactionGraph(interactions, skewed))],
  ])('propagates like the oracle over a graph with %s', async (_, graph) => {
    const table = { rows: graph.nodes, dimension: 12, values: randomValues(graph.nodes * 12, 8) }
    const found = await engine().propagate(table, graph, 3)
    expectClose(found.values, (await oracle.propagate(table, graph, 3)).values)
  })
}
