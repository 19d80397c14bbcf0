import type { Machine, Output } from '@gradrec/cli'
import type { Engine } from '@gradrec/engine'
import type { EngineKind } from '@gradrec/engines'
import type { MeasuredData } from './results/resultFile.ts'

/** What a part of the benchmark is given. */
export interface BenchContext {
  /** The engine that was asked for, or the best there is. Parts may open others besides. */
  readonly engine: Engine
  readonly engineKind: EngineKind
  readonly machine: Machine
  /** Fewer and shorter rounds, sampled steps: all parts together in about two minutes on two cores. */
  readonly quick: boolean
  /** Where the real data sets are; left out, they are simulated. */
  readonly dataRoot: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Tables go to `result`, facts and the live line to stderr. */
  readonly output: Output
  /** Set off by Ctrl-C: the part throws `AbortedError`. */
  readonly signal: AbortSignal
  /** The part's own flags, by name without dashes. */
  readonly flags: ReadonlyMap<string, string | boolean>
}

/** What a part measured, as it goes into its result file; `figures` and `config` are plain data. */
export interface PartResult {
  readonly config: unknown
  readonly data: readonly MeasuredData[]
  readonly figures: unknown
}

/** One question the benchmark answers. */
export interface Part {
  /** As it is called on the command line. */
  readonly name: string
  readonly description: string
  /** Measures, prints a table, and returns the figures. */
  run(context: BenchContext): Promise<PartResult>
}
