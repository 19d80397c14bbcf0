import * as v from 'valibot'
import type { Rounds } from '../interleave.ts'
import type { ResultFile } from '../results/resultFile.ts'
import type { DeviceRoof } from '../roofline/deviceRoof.ts'
import type { RooflineRun } from '../roofline/roofline.ts'
import type { TimedGroup } from '../tableFour/tableFour.ts'
import { ResultFileError } from '../results/resultFileError.ts'

// What the page needs of each part's figures. Parts may write more than this.

/** Of `pnpm bench table4`. */
export interface TableFourPage {
  readonly groups: readonly TimedGroup[]
}

/** Of `pnpm bench roofline`. */
export interface RooflinePage {
  readonly roof: DeviceRoof
  readonly runs: readonly Omit<RooflineRun, 'counts'>[]
}

type Backbone = 'mf' | 'lgn'
type Axis = 'interactions' | 'items'

/** Of `pnpm bench scale`. */
export interface ScalePage {
  readonly points: readonly {
    readonly axis: Axis
    readonly backbone: Backbone
    readonly users: number
    readonly items: number
    readonly interactions: number
    readonly planned: { readonly bytes: number }
    readonly outcome:
      | {
          readonly kind: 'trained'
          readonly stepsPerEpoch: number
          readonly stepsPerRound: number
          readonly secondsPerStep: Rounds
          readonly nsPerInteraction: number
          readonly nsPerEdge?: number | undefined
          readonly secondsPerEpoch: number
          readonly residentBytes: { readonly before: number; readonly after: number }
        }
      | { readonly kind: 'refused'; readonly reason: string }
  }[]
  readonly flatness: readonly {
    readonly backbone: Backbone
    readonly axis: Axis
    readonly text: string
  }[]
  readonly largest: readonly {
    readonly engine: string
    readonly backbone: Backbone
    readonly axis: Axis
    readonly size: number
    readonly bytes: number
    readonly limit: string
  }[]
}

/** Of `pnpm bench peers`. */
export interface PeersPage {
  readonly groups: readonly {
    readonly model: Backbone
    readonly measured: readonly {
      readonly library: string
      readonly name: string
      readonly label: string
      readonly optimizer: string
      readonly note?: string | undefined
      readonly versions: Readonly<Record<string, string>>
      readonly triplesPerSecond: Rounds
      readonly firstIsFasterBy: number
      readonly recall?: number | undefined
      readonly notJudged?: string | undefined
      readonly peakBytes: number
    }[]
    readonly skipped: readonly { readonly label: string; readonly why: string }[]
  }[]
}

const backbone = v.picklist(['mf', 'lgn'])
const rounds = v.object({
  median: v.number(),
  minimum: v.number(),
  quartiles: v.tuple([v.number(), v.number()]),
  values: v.array(v.number()),
})

export const tableFourFigures: v.GenericSchema<unknown, TableFourPage> = v.object({
  groups: v.array(
    v.object({
      dataset: v.picklist(['ml10m', 'netflix']),
      source: v.picklist(['real', 'simulated']),
      backbone,
      batch: v.number(),
      batchOf: v.picklist(['paper', 'device']),
      methods: v.array(
        v.object({
          label: v.string(),
          method: v.picklist(['original', 'dice', 'macr', 'gradient']),
          stepsPerEpoch: v.number(),
          stepsPerRound: v.number(),
          extrapolated: v.boolean(),
          setupSeconds: v.number(),
          secondsPerEpoch: rounds,
          ratio: v.number(),
          paperSeconds: v.number(),
        }),
      ),
    }),
  ),
})

export const rooflineFigures: v.GenericSchema<unknown, RooflinePage> = v.object({
  roof: v.object({
    copies: v.pipe(v.array(v.object({ bytes: v.number(), bytesPerSecond: v.number() })), v.minLength(1)),
    operationsPerSecond: v.optional(v.number()),
    microsecondsPerDispatch: v.optional(v.number()),
  }),
  runs: v.array(
    v.object({
      dataset: v.picklist(['ml10m', 'netflix']),
      source: v.picklist(['real', 'simulated']),
      backbone,
      method: v.picklist(['original', 'gradient']),
      batch: v.number(),
      steps: v.number(),
      clock: v.picklist(['device', 'host']),
      millisecondsPerStep: rounds,
      kernels: v.array(
        v.object({
          kernel: v.string(),
          callsPerStep: v.number(),
          milliseconds: rounds,
          work: v.optional(
            v.object({
              compulsoryBytes: v.number(),
              gatheredBytes: v.number(),
              gatheredFrom: v.number(),
              operations: v.number(),
            }),
          ),
        }),
      ),
    }),
  ),
})

export const scaleFigures: v.GenericSchema<unknown, ScalePage> = v.object({
  points: v.array(
    v.object({
      axis: v.picklist(['interactions', 'items']),
      backbone,
      users: v.number(),
      items: v.number(),
      interactions: v.number(),
      planned: v.object({ bytes: v.number() }),
      outcome: v.variant('kind', [
        v.object({
          kind: v.literal('trained'),
          stepsPerEpoch: v.number(),
          stepsPerRound: v.number(),
          secondsPerStep: rounds,
          nsPerInteraction: v.number(),
          nsPerEdge: v.optional(v.number()),
          secondsPerEpoch: v.number(),
          residentBytes: v.object({ before: v.number(), after: v.number() }),
        }),
        v.object({ kind: v.literal('refused'), reason: v.string() }),
      ]),
    }),
  ),
  flatness: v.array(
    v.object({
      backbone,
      axis: v.picklist(['interactions', 'items']),
      text: v.string(),
    }),
  ),
  largest: v.array(
    v.object({
      engine: v.string(),
      backbone,
      axis: v.picklist(['interactions', 'items']),
      size: v.number(),
      bytes: v.number(),
      limit: v.string(),
    }),
  ),
})

export const peersFigures: v.GenericSchema<unknown, PeersPage> = v.object({
  groups: v.array(
    v.object({
      model: backbone,
      measured: v.array(
        v.object({
          library: v.string(),
          name: v.string(),
          label: v.string(),
          optimizer: v.string(),
          note: v.optional(v.string()),
          versions: v.record(v.string(), v.string()),
          triplesPerSecond: rounds,
          firstIsFasterBy: v.number(),
          recall: v.optional(v.number()),
          notJudged: v.optional(v.string()),
          peakBytes: v.number(),
        }),
      ),
      skipped: v.array(v.object({ label: v.string(), why: v.string() })),
    }),
  ),
})

/** A result file that the page shows, by its name in the folder. */
export interface NamedResult {
  readonly name: string
  readonly result: ResultFile
}

/**
 * A result's figures, checked.
 *
 * @throws ResultFileError that names the file and the field
 */
export function figuresOf<Figures>({ name, result }: NamedResult, schema: v.GenericSchema<unknown, Figures>): Figures {
  const parsed = v.safeParse(schema, result.figures)
  if (parsed.success) return parsed.output
  throw new ResultFileError(name, parsed.issues[0], 'figures')
}
