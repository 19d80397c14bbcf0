import { LimitError } from './errors.ts'
import { formatBytes, memoryExcess, type MemoryExcess, type MemoryPart, type MemoryPlan } from './memoryPlan.ts'

/** Parts below this share of all are counted together. */
const LARGE = 0.03
/** Parts below this share of all are not worth making smaller. */
const WORTHWHILE = 0.15

/** A training run, or other work, that its engine cannot hold, refused before any of it is taken; shows the sum. Code `E_LIMIT`. */
export class MemoryError extends LimitError {
  readonly plan: MemoryPlan

  constructor(plan: MemoryPlan, excess: MemoryExcess) {
    super(describe(plan, excess), excess.needed, excess.limit.bytes)
    this.plan = plan
  }
}

/** Throws a `MemoryError` for a plan that goes beyond a limit. Engines call it before they take memory. */
export function checkMemory(plan: MemoryPlan): void {
  const excess = memoryExcess(plan)
  if (excess !== undefined) throw new MemoryError(plan, excess)
}

/** "the embedding table 4.0 GiB + the optimizer state 8.0 GiB + the rest 10 MiB", the largest first. */
export function describeParts(plan: Pick<MemoryPlan, 'parts' | 'bytes'>): string {
  const large = joined(plan.parts).filter(({ bytes }) => bytes >= LARGE * plan.bytes)
  const rest = plan.bytes - large.reduce((sum, { bytes }) => sum + bytes, 0)
  const all = rest > 0 ? [...large, { name: large.length > 0 ? 'the rest' : 'all of it', bytes: rest }] : large
  return all.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(' + ')
}

function describe(plan: MemoryPlan, { limit, part, needed }: MemoryExcess): string {
  const sum = `${describeParts(plan)} = ${formatBytes(plan.bytes)}`
  const { work = 'this training run' } = plan
  const of = part === undefined ? '' : ` for ${part.name}`
  const remedies = new Set(
    (part === undefined ? joined(plan.parts).filter(({ bytes }) => bytes >= WORTHWHILE * plan.bytes) : [part]).flatMap(
      ({ remedy }) => (remedy === undefined ? [] : [remedy]),
    ),
  )
  const advice = [...remedies, 'another engine'].join(', or ')
  return (
    `${work} needs ${formatBytes(needed)}${of}, more than the ${formatBytes(limit.bytes)} that ${limit.reason}: ` +
    `${part === undefined ? '' : 'in all '}${sum}; use ${advice}`
  )
}

/** Parts of one name as one, the largest first. */
function joined(parts: readonly MemoryPart[]): MemoryPart[] {
  const byName = new Map<string, MemoryPart>()
  for (const part of parts) {
    const before = byName.get(part.name)
    byName.set(part.name, { ...part, bytes: part.bytes + (before?.bytes ?? 0) })
  }
  return [...byName.values()].toSorted((a, b) => b.bytes - a.bytes)
}
