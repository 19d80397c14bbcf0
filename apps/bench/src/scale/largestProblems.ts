import { formatBytes, largestProblem, type Engine, type MemoryLimit } from '@gradrec/engine'
import { scaleShape, sizeOf, type ScaleAxis, type ScaleBackbone } from './scaleShape.ts'

/** The largest size along an axis that an engine's limits let a run have. */
export interface LargestProblem {
  readonly engine: string
  readonly backbone: ScaleBackbone
  readonly axis: ScaleAxis
  /** 4,294,967,295 where only 32-bit numbers are the limit. */
  readonly size: number
  /** What the engine takes then. */
  readonly bytes: number
  readonly limit: string
}

/** "4.0 GiB that WebAssembly reaches with 32-bit addresses". */
function describeLimit({ bytes, reason }: MemoryLimit): string {
  return `${formatBytes(bytes)} that ${reason}`
}

/** For both backbones along both axes; nothing is taken, and the host's own memory is not looked at. */
export function largestProblems(engine: Engine): LargestProblem[] {
  return (['mf', 'lgn'] as const).flatMap((backbone) =>
    (['interactions', 'items'] as const).map((axis) => {
      const shapeOf = (value: number) => scaleShape(backbone, sizeOf(axis, Math.max(1, value)))
      const size = largestProblem((shape) => engine.memoryPlan(shape), shapeOf)
      const { bytes, limits } = engine.memoryPlan(shapeOf(size))
      return {
        engine: engine.name,
        backbone,
        axis,
        size,
        bytes,
        limit: limits.map(describeLimit).join('; '),
      }
    }),
  )
}
