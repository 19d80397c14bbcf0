import * as v from 'valibot'
import { GradrecError } from '@gradrec/engine'

/** What a peer that is asked to train, or to save its vectors, may be asked: one JSON object a line. */
export type Request =
  | { readonly steps: number }
  /** A folder for `users.npy` and `items.npy`. */
  | { readonly save: string }

/** What a peer answers: first that it is ready, then to every request. */
export interface Answers {
  readonly ready: {
    readonly ready: true
    /** In units of `steps`; 1 for a library that trains whole epochs only. */
    readonly stepsPerEpoch: number
    /** Steps it likes to be asked for at once. */
    readonly stepsAtOnce: number
    /** Of everything that matters, by name. */
    readonly versions: Readonly<Record<string, string>>
  }
  readonly trained: {
    /** That were trained: those that the library passed over are not counted. */
    readonly triples: number
    readonly seconds: number
    /** For drawing as many triples as a user of the library would; left out where drawing is part of `seconds`. */
    readonly samplingSeconds?: number | undefined
    /** The most memory the process has had so far, in bytes. */
    readonly peakBytes: number
  }
  readonly saved: { readonly saved: true; readonly peakBytes: number }
}

const count: v.GenericSchema<number> = v.pipe(v.number(), v.integer(), v.minValue(1))
const quantity: v.GenericSchema<number> = v.pipe(v.number(), v.minValue(0))

const SCHEMAS: { readonly [Kind in keyof Answers]: v.GenericSchema<unknown, Answers[Kind]> } = {
  ready: v.object({
    ready: v.literal(true),
    stepsPerEpoch: count,
    stepsAtOnce: count,
    versions: v.record(v.string(), v.string()),
  }),
  trained: v.object({
    triples: quantity,
    seconds: quantity,
    samplingSeconds: v.optional(quantity),
    peakBytes: quantity,
  }),
  saved: v.object({ saved: v.literal(true), peakBytes: quantity }),
}

/** A peer that ended, or answered something else than it was asked. */
export class PeerError extends GradrecError {
  constructor(message: string) {
    super('E_PEER', message)
  }
}

/** Reads one line of a peer. @throws PeerError where it is not the answer expected */
export function parseAnswer<Kind extends keyof Answers>(peer: string, kind: Kind, line: string): Answers[Kind] {
  const schema: v.GenericSchema<unknown, Answers[Kind]> = SCHEMAS[kind]
  const parsed = v.safeParse(schema, parsedJson(line))
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new PeerError(`${peer} answered ${JSON.stringify(line.slice(0, 120))}; expected "${kind}": ${issue.message}`)
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
