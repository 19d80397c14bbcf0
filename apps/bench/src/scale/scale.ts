import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AbortedError } from '@gradrec/core'
import type { Csr, Engine } from '@gradrec/engine'
import { openEngine } from '@gradrec/engines'
import type { BenchContext, Part } from '../part.ts'
import type { MeasuredData } from '../results/resultFile.ts'
import { describeLargest, describePoints } from './describeScale.ts'
import { flatnessOf, largestCacheBytes, type Flatness } from './flatness.ts'
import { largestProblems } from './largestProblems.ts'
import { planPoint, timePoint, type ScaleEffort, type ScalePoint } from './measurePoint.ts'
import {
  scaleInteractions,
  SCALE_RUN,
  sizeOf,
  type ScaleAxis,
  type ScaleBackbone,
  type ScaleSize,
} from './scaleShape.ts'

/** Sizes along an axis, and up to which one LightGCN is trained, whose every step is as dear as the data are many. */
interface AxisPlan {
  readonly axis: ScaleAxis
  readonly sizes: readonly number[]
  readonly mostLightGcn: number
  /** A size beyond most machines: it is not trained, and shown with the sum it is refused with. */
  readonly beyond?: number
}

const FULL: ScaleEffort & { readonly axes: readonly AxisPlan[] } = {
  rounds: 5,
  secondsPerRound: 3,
  axes: [
    { axis: 'interactions', sizes: [1e5, 1e6, 1e7, 1e8], mostLightGcn: Infinity, beyond: 1e9 },
    { axis: 'items', sizes: [1e4, 1e5, 1e6], mostLightGcn: Infinity },
  ],
}
const QUICK: typeof FULL = {
  rounds: 3,
  secondsPerRound: 0.3,
  axes: [
    { axis: 'interactions', sizes: [1e5, 1e6, 1e7], mostLightGcn: 1e6, beyond: 1e9 },
    { axis: 'items', sizes: [1e4, 1e5, 1e6], mostLightGcn: 0 },
  ],
}

const SEED = 1

/** Cost per interaction as data grow, with memory planned beside memory taken, and the largest problem that fits. */
export const scale: Part = {
  name: 'scale',
  description:
    'cost per interaction from 10⁵ to 10⁸ of them and up to 10⁶ items, memory, and the largest problem that fits',
  run: async (context) => {
    const { quick, output, engine } = context
    const { axes, ...effort } = quick ? QUICK : FULL
    const points: ScalePoint[] = []
    const data = new Map<string, MeasuredData>()
    const cacheBytes = await largestCacheBytes()
    const flatness: Flatness[] = []
    for (const { axis, sizes, mostLightGcn, beyond } of axes) {
      for (const value of sizes) {
        const size = sizeOf(axis, value)
        const known = points.filter((point) => isOfSize(point, size))
        if (known.length > 0) {
          // The axes meet in one size.
          points.push(...known.map((point) => ({ ...point, axis })))
          continue
        }
        const backbones = value <= mostLightGcn ? (['mf', 'lgn'] as const) : (['mf'] as const)
        points.push(...(await measureSize(context, axis, size, backbones, effort, data)))
      }
      if (beyond !== undefined) points.push(...refusals(engine, axis, sizeOf(axis, beyond)))
      for (const backbone of ['mf', 'lgn'] as const) {
        const own = points.filter((point) => point.axis === axis && point.backbone === backbone)
        if (own.length === 0) continue
        const flat = flatnessOf(own, cacheBytes)
        flatness.push(...flat)
        output.result(describePoints(backbone, axis, own, flat[0]))
      }
    }
    const largest = await withOtherEngine(engine, (engines) => engines.flatMap(largestProblems))
    output.result(describeLargest(largest))
    return {
      config: { ...effort, ...SCALE_RUN, largestCacheBytes: cacheBytes },
      data: [...data.values()],
      figures: { points, flatness, largest },
    }
  },
}

/** Draws the data of a size and trains every backbone on them that they fit. */
async function measureSize(
  context: BenchContext,
  axis: ScaleAxis,
  size: ScaleSize,
  backbones: readonly ScaleBackbone[],
  effort: ScaleEffort,
  data: Map<string, MeasuredData>,
): Promise<ScalePoint[]> {
  const { output, signal } = context
  const name = `${size.interactions} interactions, ${size.users} users, ${size.items} items`
  let interactions: Csr | undefined
  const points: ScalePoint[] = []
  for (const backbone of backbones) {
    const progress = (text: string): void => {
      if (signal.aborted) throw new AbortedError('the benchmark')
      output.live(`${axis} ${backbone} ${name}: ${text}`)
    }
    const planned = planPoint(context.engine, axis, backbone, size)
    if ('outcome' in planned) {
      points.push(planned)
      continue
    }
    if (interactions === undefined) {
      progress('drawing data')
      const begin = performance.now()
      interactions = scaleInteractions(size, SEED)
      output.fact('data', `${name}, simulated in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
      const { rows: users, columnCount: items, columns } = interactions
      const facts = { users, items, interactions: columns.length, hash: hashOf(interactions) }
      data.set(name, { name: 'scale', source: 'simulated', ...facts })
    }
    progress('warming up')
    const own = interactions
    const outcome = await withFreshEngine(context, (engine) => timePoint(engine, backbone, own, effort, progress))
    points.push({ ...planned, outcome })
  }
  return points
}

/** The points of a size that nothing trains; none of a backbone that would fit. */
function refusals(engine: Engine, axis: ScaleAxis, size: ScaleSize): ScalePoint[] {
  return (['mf', 'lgn'] as const).flatMap((backbone) => {
    const planned = planPoint(engine, axis, backbone, size)
    return 'outcome' in planned ? [planned] : []
  })
}

function isOfSize(point: ScalePoint, { users, items, interactions }: ScaleSize): boolean {
  return point.users === users && point.items === items && point.interactions === interactions
}

/** A WebAssembly memory never shrinks: every point gets one of its own, so that what the process holds is what the point takes. */
async function withFreshEngine<T>(context: BenchContext, work: (engine: Engine) => Promise<T>): Promise<T> {
  collectGarbage()
  if (context.engine.name !== 'wasm') return work(context.engine)
  const threads = context.flags.get('threads')
  const engine = await openEngine('wasm', typeof threads === 'string' ? { threads: Number(threads) } : {})
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/** The engine that is measured, and WebAssembly beside it where that is another: its limit is the same everywhere. */
async function withOtherEngine<T>(engine: Engine, work: (engines: readonly Engine[]) => T): Promise<T> {
  if (engine.name === 'wasm') return work([engine])
  const wasm = await openEngine('wasm')
  try {
    return work([engine, wasm])
  } finally {
    await wasm.close()
  }
}

/** Now, rather than in the middle of the next measurement. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

function hashOf({ rowPointer, columns }: Csr): string {
  return createHash('sha256').update(rowPointer).update(columns).digest('hex')
}
