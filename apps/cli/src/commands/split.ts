import { basename, join } from 'node:path'
import {
  datasetFromInteractions,
  describeSplit,
  type CatalogueEntry,
  type Dataset,
  type InputFile,
  type KCoreOptions,
  type SplitOrigin,
} from '@gradrec/data'
import {
  checkNewFolder,
  describeInput,
  loadCatalogued,
  readFile,
  writeSplit,
  type ReadProgress,
} from '@gradrec/data/node'
import type { Context } from '../context.ts'
import { checkFile, nameOfFile } from '../data/dataSource.ts'
import { entryNamed, kCoreOf, wantedSplits, type WantedSplit } from '../data/splitRequest.ts'
import { UsageError } from '../errors.ts'
import { ExitCode } from '../exitCode.ts'
import { count, percent } from '../output/formatNumbers.ts'
import { Output } from '../output/output.ts'
import { splitTable } from '../output/splitTable.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { splitArgs, splitSettingsOf, type SplitSettings } from '../settings/splitSettings.ts'

/** A split with its folder's path, where it was written. */
interface Made {
  readonly dataset: Dataset
  readonly origin: SplitOrigin
  readonly path?: string
}

/** Makes the data set of one wanted split; what has to be read is read once. */
type Loader = (wanted: WantedSplit) => Promise<Dataset>

/** `gradrec split`. Resolves to the exit code. */
export async function split(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, splitArgs, 'gradrec split')
  const settings = splitSettingsOf(flags)
  const data = flags.get('data')
  if (typeof data !== 'string') {
    throw new UsageError('there is nothing to split; expected gradrec split <file or data set> --preset <name>')
  }
  const entry = entryNamed(data)
  const { preset, wanted } = wantedSplits(settings, entry)
  const kCore = kCoreOf(settings)
  const { isTTY = false } = context.stderr
  const colour = isTTY && (context.environment['NO_COLOR'] ?? '') === '' && context.environment['TERM'] !== 'dumb'
  const quiet = flags.get('quiet') === true
  const output = new Output(context.stdout, context.stderr, { quiet, colour, now: () => context.now().getTime() })
  const onProgress = ({ path, bytesRead, totalBytes }: ReadProgress): void =>
    output.live(`reading ${path} · ${percent(bytesRead / totalBytes)}`)

  const root = settings.dataRoot ?? context.environment['GRADREC_DATA'] ?? 'data'
  const load =
    entry === undefined
      ? fileLoader(data, settings, kCore, onProgress)
      : catalogueLoader(entry, root, preset, settings, kCore, onProgress)
  const pathOf = ({ folder = '.' }: WantedSplit): string | undefined =>
    settings.out === undefined ? undefined : join(settings.out, folder)
  if (settings.out !== undefined) await checkNewFolder(settings.out)
  const made: Made[] = []
  let inputs: readonly InputFile[] | undefined
  for (const each of wanted) {
    const dataset = await load(each)
    inputs ??= await inputsOf(data, entry, preset, each, root)
    const parameters = parametersOf(each, settings.minRating ?? thresholdOf(entry, preset), kCore)
    const origin = { preset, parameters, seed: settings.seed ?? 0, inputs }
    const path = pathOf(each)
    if (path !== undefined) await writeSplit(path, dataset, origin)
    made.push({ dataset, origin, ...(path !== undefined && { path }) })
  }
  const json = flags.get('json') === true
  show(output, made, json)
  if (json) output.result(JSON.stringify(jsonOf(made), undefined, 2))
  return ExitCode.ok
}

/** What was dropped and done to stderr, and, unless one document is wanted, tables to stdout. */
function show(output: Output, made: readonly Made[], json: boolean): void {
  const [first] = made
  if (first === undefined) return
  showRepairs(output, first.dataset)
  for (const { dataset, path } of made) {
    output.fact('split', dataset.protocol)
    if (json) continue
    const where = path === undefined ? 'nothing was written: --out <folder> keeps the split' : `written to ${path}`
    output.result(`${splitTable(describeSplit(dataset))}\nhash ${dataset.hash}\n${where}`)
  }
  const written = made.at(-1)?.path
  if (written !== undefined) output.log(`train on it: gradrec train --dataset ${written}`)
}

function showRepairs(output: Output, { name, users, items, repairs }: Dataset): void {
  output.fact('data', `${name}: ${count(users.size)} users × ${count(items.size)} items`)
  for (const { code, message } of repairs) output.fact(code.endsWith('without-training') ? 'note' : 'dropped', message)
}

function fileLoader(
  path: string,
  settings: SplitSettings,
  kCore: KCoreOptions | undefined,
  onProgress: (progress: ReadProgress) => void,
): Loader {
  checkFile(path, 'the data', { others: [], expected: 'a file of interactions' })
  const { userColumn, itemColumn, ratingColumn, timeColumn, ignoreTimes, format, dataRoot, minRating, seed } = settings
  if (dataRoot !== undefined) {
    throw new UsageError(`--data-root means nothing with the file ${path}; it goes with a data set of the catalogue`)
  }
  if (ignoreTimes === true && timeColumn !== undefined) {
    throw new UsageError('--ignore-times and --time-column exclude each other; expected one of them')
  }
  const columns = {
    ...(userColumn !== undefined && { user: userColumn }),
    ...(itemColumn !== undefined && { item: itemColumn }),
    ...(ratingColumn !== undefined && { rating: ratingColumn }),
    ...(timeColumn !== undefined && { time: timeColumn }),
    ...(ignoreTimes === true && { time: false as const }),
  }
  let reading: ReturnType<typeof readFile> | undefined
  return async ({ split: chosen = { kind: 'none' } }) => {
    reading ??= readFile(path, { onProgress, columns, ...(format !== undefined && { format }) })
    return datasetFromInteractions(await reading, {
      name: settings.name ?? nameOfFile(path),
      split: chosen,
      ...(minRating !== undefined && { minimumRating: minRating }),
      ...(kCore && { kCore }),
      ...(seed !== undefined && { seed }),
    })
  }
}

function catalogueLoader(
  entry: CatalogueEntry,
  root: string,
  preset: string,
  settings: SplitSettings,
  kCore: KCoreOptions | undefined,
  onProgress: (progress: ReadProgress) => void,
): Loader {
  for (const key of ['format', 'userColumn', 'itemColumn', 'ratingColumn', 'timeColumn', 'ignoreTimes'] as const) {
    if (settings[key] === undefined) continue
    const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new UsageError(`--${flag} means nothing with ${entry.name}, whose files are known; it goes with a file`)
  }
  const { name, minRating, seed } = settings
  return async ({ split: chosen }) => {
    const dataset = await loadCatalogued(entry.name, root, {
      onProgress,
      ...(chosen === undefined ? { protocol: preset } : { split: chosen }),
      ...(minRating !== undefined && { minimumRating: minRating }),
      ...(kCore && { kCore }),
      ...(seed !== undefined && { seed }),
    })
    return name === undefined ? dataset : { ...dataset, name }
  }
}

async function inputsOf(
  data: string,
  entry: CatalogueEntry | undefined,
  preset: string,
  { split: chosen }: WantedSplit,
  root: string,
): Promise<readonly InputFile[]> {
  if (entry === undefined) return [{ ...(await describeInput(data)), file: basename(data) }]
  const used =
    chosen === undefined
      ? Object.values(entry.protocols[preset]?.files ?? {}).flat()
      : entry.files.map((file) => file.name)
  const inputs: InputFile[] = []
  for (const file of used) {
    inputs.push({ ...(await describeInput(join(root, entry.name, file))), file: `${entry.name}/${file}` })
  }
  return inputs
}

function parametersOf(
  { split: chosen }: WantedSplit,
  minimumRating: number | undefined,
  kCore: KCoreOptions | undefined,
): SplitOrigin['parameters'] {
  return {
    ...chosen,
    ...(minimumRating !== undefined && { minimumRating }),
    ...(kCore && { kCore }),
  }
}

/** The threshold that a catalogue data set has unless another one is given. */
function thresholdOf(entry: CatalogueEntry | undefined, preset: string): number | undefined {
  return (entry?.protocols[preset] ?? Object.values(entry?.protocols ?? {})[0])?.minimumRating
}

/** One split as an object, several as a list. */
function jsonOf(made: readonly Made[]): unknown {
  const all = made.map(({ dataset, origin, path }) => ({
    ...(path !== undefined && { folder: path }),
    ...describeSplit(dataset),
    origin,
  }))
  return all.length === 1 ? all[0] : all
}
