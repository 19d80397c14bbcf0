import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomically } from '@gradrec/model-files/node'
import * as v from 'valibot'
import { WriteError } from '../errors.ts'
import type { Artefact, Made } from './artefact.ts'
import type { KeptGroups } from './earlierResult.ts'
import { markdownOf, type PlainTable } from './plainTable.ts'
import { NOT_A_RESULT } from './quickData.ts'
import type { CellFacts } from './trainedCells.ts'

/** Changes when older files can no longer be read. */
const FORMAT = 'gradrec-reproduce-2'

/** `<artefact>.json`: the figures, what they are of, and how to make them again. */
export interface ResultFile {
  readonly format: typeof FORMAT
  readonly artefact: string
  readonly title: string
  readonly quick: boolean
  /** Says that it is not a result, where it is not. */
  readonly warning?: string
  readonly madeAt: string
  /** What to type to make it again. */
  readonly command: string
  readonly commit: string
  readonly seeds: readonly number[]
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly node: string
    readonly platform: string
  }
  /** What evaluated; every training says what trained it. */
  readonly engine: string
  readonly comparison: string
  readonly notes: readonly string[]
  readonly tables: readonly PlainTable[]
  /** Files beside this one. */
  readonly drawings: readonly string[]
  readonly cells: readonly CellFacts[]
  /** Cells that could not be trained, and why. */
  readonly missing: readonly { readonly cell: string; readonly why: string }[]
  /** How groups and rows were made that an earlier result had; `command`, `commit` and what else is said of making are of the others. */
  readonly kept?: readonly KeptGroups[]
  readonly figures: unknown
}

const table = v.object({
  caption: v.string(),
  columns: v.array(v.string()),
  rows: v.array(v.array(v.string())),
})

const machine = v.object({ processor: v.string(), cores: v.number(), node: v.string(), platform: v.string() })

const schema: v.GenericSchema<unknown, ResultFile> = v.object({
  format: v.literal(FORMAT),
  artefact: v.string(),
  title: v.string(),
  quick: v.boolean(),
  warning: v.exactOptional(v.string()),
  madeAt: v.string(),
  command: v.string(),
  commit: v.string(),
  seeds: v.array(v.number()),
  machine,
  engine: v.string(),
  comparison: v.string(),
  notes: v.array(v.string()),
  tables: v.array(table),
  drawings: v.array(v.string()),
  cells: v.array(
    v.object({
      cell: v.string(),
      seed: v.number(),
      recipe: v.nullable(v.string()),
      command: v.string(),
      key: v.string(),
      dataset: v.string(),
      dataHash: v.string(),
      protocol: v.string(),
      epoch: v.number(),
      dials: v.record(v.string(), v.number()),
      engine: v.string(),
      device: v.string(),
      commit: v.string(),
      trainedAt: v.string(),
    }),
  ),
  missing: v.array(v.object({ cell: v.string(), why: v.string() })),
  kept: v.exactOptional(
    v.array(
      v.object({
        groups: v.array(v.string()),
        command: v.string(),
        commit: v.string(),
        madeAt: v.string(),
        seeds: v.array(v.number()),
        machine,
        engine: v.string(),
      }),
    ),
  ),
  figures: v.unknown(),
})

/** What is known of a result besides the artefact itself. */
export type AboutResult = Pick<ResultFile, 'quick' | 'madeAt' | 'command' | 'commit' | 'seeds' | 'engine' | 'missing'>

export function resultFileOf(
  { name, title }: Pick<Artefact, 'name' | 'title'>,
  made: Made,
  about: AboutResult,
): ResultFile {
  const { figures, cells, tables, drawings, comparison, notes } = made
  return {
    format: FORMAT,
    artefact: name,
    title,
    ...about,
    ...(about.quick && { warning: NOT_A_RESULT }),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    comparison,
    notes,
    tables,
    drawings: Object.keys(drawings).map((key) => drawingName(name, key)),
    cells,
    figures,
  }
}

function drawingName(artefact: string, key: string): string {
  return `${artefact}-${key}.svg`
}

/** Writes `<artefact>.json`, `.md` and its drawings into a folder, which is made where it is missing; returns their paths. */
export async function writeResult(
  folder: string,
  result: ResultFile,
  drawings: Made['drawings'],
): Promise<readonly string[]> {
  const files: [name: string, content: string][] = [
    [`${result.artefact}.json`, `${JSON.stringify(result, undefined, 2)}\n`],
    [`${result.artefact}.md`, `# ${result.title}\n\n${resultMarkdown(result)}`],
    ...Object.entries(drawings).map(([key, svg]): [string, string] => [
      drawingName(result.artefact, key),
      result.quick ? markedDrawing(svg) : svg,
    ]),
  ]
  const paths: string[] = []
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, content] of files) {
      await writeFileAtomically(join(folder, name), Buffer.from(content))
      paths.push(join(folder, name))
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new WriteError(`results cannot be written to "${folder}": ${why}; choose another folder with --out`, {
      cause,
    })
  }
  return paths
}

/** An SVG is passed on without what stands beside it, so it says itself that it is no result. */
function markedDrawing(svg: string): string {
  return svg.replace('</svg>', `<desc>${NOT_A_RESULT}</desc></svg>`)
}

/** The results in a folder by artefact; other files in it are left out. */
export async function readResults(folder: string): Promise<ReadonlyMap<string, ResultFile>> {
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith('.json')) : []
  const found = new Map<string, ResultFile>()
  for (const name of names.toSorted()) {
    const parsed = v.safeParse(schema, JSON.parse(await readFile(join(folder, name), 'utf8')))
    if (parsed.success) found.set(parsed.output.artefact, parsed.output)
  }
  return found
}

/** A result as Markdown without its title: comparison, tables, drawings, notes. */
export function resultMarkdown(result: ResultFile, drawingFolder = ''): string {
  const { warning, comparison, tables, drawings, notes, missing } = result
  const reasons = new Set(missing.map(({ why }) => why))
  const blocks = [
    ...(warning === undefined ? [] : [`**${warning}**`]),
    `**Beside the paper:** ${comparison}.`,
    ...tables.flatMap((each) => [`${each.caption}:`, markdownOf(each)]),
    // In one paragraph: narrow ones stand beside each other.
    ...(drawings.length === 0 ? [] : [drawings.map((name) => `![${name}](${drawingFolder}${name})`).join('\n')]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    ...[...reasons].map((reason) => {
      const cells = missing.filter(({ why }) => why === reason).map(({ cell }) => cell)
      return `Not trained: ${cells.join(', ')}; ${reason}.`
    }),
  ]
  return `${blocks.join('\n\n')}\n`
}
