/** A value somebody gave, and where. */
export interface Given {
  readonly value: unknown
  readonly source: 'flag' | 'file'
  /** Begins a sentence about the value: `--dimension`, or `run.yaml:3:1: dimension`. */
  readonly where: string
}

/** Settings as they were given, by key. */
export type GivenSettings = ReadonlyMap<string, Given>
