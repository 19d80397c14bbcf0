import type { Engine } from '@gradrec/engine'

/** The same engine with another reason for its device: only who chose it knows why. */
export function withReason(engine: Engine, reason: string): Engine {
  return {
    name: engine.name,
    device: { ...engine.device, reason },
    memoryPlan: (shape) => engine.memoryPlan(shape),
    fit: (spec) => engine.fit(spec),
    rank: (users, items, options) => engine.rank(users, items, options),
    rankVariants: (users, items, corrections, options) => engine.rankVariants(users, items, corrections, options),
    propagate: (table, graph, layers) => engine.propagate(table, graph, layers),
    close: () => engine.close(),
  }
}
