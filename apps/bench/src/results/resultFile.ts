import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { WriteError } from '@gradrec/cli'
import type { DeviceInfo } from '@gradrec/engine'
import { ResultFileError } from './resultFileError.ts'

/** Changes when older files can no longer be read. */
export const FORMAT = 'gradrec-bench-1'

/** A data set that was measured on. */
export interface MeasuredData {
  /** Catalogue name. */
  readonly name: string
  /** Whether it is the data set itself, or drawn to have the same users, items, interactions and popularity curve. */
  readonly source: 'real' | 'simulated'
  readonly users: number
  readonly items: number
  /** Of training. */
  readonly interactions: number
  /** SHA-256 of the data set. */
  readonly hash: string
}

/** What one part measured on one device, with everything needed to measure it again. */
export interface ResultFile {
  readonly format: typeof FORMAT
  /** Which question the figures answer: `table4`, `roofline`, … */
  readonly part: string
  readonly measuredAt: string
  readonly commit: string
  /** What to type to measure it again. */
  readonly command: string
  /** Sampled steps and few rounds. */
  readonly quick: boolean
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryBytes: number
    readonly platform: string
    readonly node: string
    /** Version of the WebGPU bindings. */
    readonly webgpu?: string | undefined
    readonly gradrec: string
  }
  readonly engine: { readonly name: string; readonly device: DeviceInfo }
  readonly data: readonly MeasuredData[]
  readonly config: unknown
  readonly figures: unknown
}

const schema: v.GenericSchema<unknown, ResultFile> = v.object({
  format: v.literal(FORMAT),
  part: v.string(),
  measuredAt: v.string(),
  commit: v.string(),
  command: v.string(),
  quick: v.boolean(),
  machine: v.object({
    processor: v.string(),
    cores: v.number(),
    memoryBytes: v.number(),
    platform: v.string(),
    node: v.string(),
    webgpu: v.optional(v.string()),
    gradrec: v.string(),
  }),
  engine: v.object({
    name: v.string(),
    device: v.object({
      name: v.string(),
      vendor: v.string(),
      architecture: v.string(),
      kind: v.picklist(['hardware', 'software']),
      reason: v.string(),
    }),
  }),
  data: v.array(
    v.object({
      name: v.string(),
      source: v.picklist(['real', 'simulated']),
      users: v.number(),
      items: v.number(),
      interactions: v.number(),
      hash: v.string(),
    }),
  ),
  config: v.unknown(),
  figures: v.unknown(),
})

/** `table4-webassembly-2-threads.json`: a part and a device have one file, which the next measurement replaces. */
export function resultFileName({ part, engine, quick }: Pick<ResultFile, 'part' | 'engine' | 'quick'>): string {
  const device = `${engine.name} ${engine.device.name}`
  const slug = device
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${part}-${slug}${quick ? '-quick' : ''}.json`
}

/** Writes a result into a folder, which is made where it is missing; returns the file's path. */
export async function writeResult(folder: string, result: ResultFile): Promise<string> {
  const path = join(folder, resultFileName(result))
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, `${JSON.stringify(result, undefined, 2)}\n`)
  } catch (cause) {
    throw new WriteError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  return path
}

/**
 * The results in a folder by file name; JSON files of other formats are left out.
 *
 * @throws ResultFileError for a file of this format that is not as it should be
 */
export async function readResults(folder: string): Promise<ReadonlyMap<string, ResultFile>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted()
  const found = new Map<string, ResultFile>()
  for (const name of names) {
    const content: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
    if (!v.is(v.object({ format: v.literal(FORMAT) }), content)) continue
    const parsed = v.safeParse(schema, content)
    if (!parsed.success) throw new ResultFileError(name, parsed.issues[0])
    found.set(name, parsed.output)
  }
  return found
}
