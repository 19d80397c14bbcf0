import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { methodOf, type Dials, type MethodConfig } from '@gradrec/core'
import type { Context } from '../context.ts'
import { dataSourceOf, type DataSource } from '../data/dataSource.ts'
import type { EngineRequest } from '../engine/openUsableEngine.ts'
import { UsageError } from '../errors.ts'
import { readConfigFile } from '../settings/configFile.ts'
import { dialsIn } from '../settings/dialsIn.ts'
import type { GivenSettings } from '../settings/given.ts'
import type { Flags } from '../settings/parseFlags.ts'
import { resolveSettings, wrongValue, type ResolvedSettings } from '../settings/resolveSettings.ts'
import { trainConfigOf, type ChosenConfig } from '../settings/trainConfigOf.ts'
import { settingsAmong } from '../settings/trainFlags.ts'
import type { TrainSettingKey, TrainSettings } from '../settings/trainSettings.ts'
import { RUN_FILES } from './runFolder.ts'
import { isRunName } from './runName.ts'

/** A run as it was asked for, checked as far as that goes without data and device. */
export interface TrainRequest extends ResolvedSettings {
  readonly source: DataSource
  readonly chosen: ChosenConfig
  readonly engine: EngineRequest
  /** The dials that were given; `undefined` where they are to be tuned. */
  readonly dials: Dials | undefined
  /** The folder of the run to go on with. */
  readonly resume: string | undefined
  readonly json: boolean
  readonly quiet: boolean
}

/** What can be said about a run that goes on. */
const BESIDE_RESUME: ReadonlySet<string> = new Set([
  'resume',
  'epochs',
  'engine',
  'threads',
  'adapter',
  'json',
  'quiet',
])

const MACHINE_KEYS: readonly TrainSettingKey[] = ['engine', 'adapter', 'threads']

/** What `gradrec train` is asked for. Throws a `UsageError` for what it cannot mean. */
export async function trainRequestOf(flags: Flags, context: Context): Promise<TrainRequest> {
  const resume = flags.get('resume')
  const config = flags.get('config')
  const path = typeof resume === 'string' ? configOfRun(resume, flags) : config
  const file: GivenSettings = typeof path === 'string' ? await readConfigFile(path) : new Map()
  const resolved = settingsFrom(settingsAmong(flags), file)
  const { settings, given } = resolved
  if (settings.name !== undefined && !isRunName(settings.name)) {
    throw wrongValue(given, 'name', settings.name, 'a folder’s name of letters, digits, spaces and . _ @ + -')
  }
  if (settings.checkpointEvery !== undefined && !(settings.checkpointEvery >= 0)) {
    throw wrongValue(given, 'checkpointEvery', settings.checkpointEvery, 'seconds, 0 or more')
  }
  const source = dataSourceOf(resolved, context.environment)
  // A file that happens to be called like a data set of the catalogue is not that data set.
  const chosen = trainConfigOf(resolved, source.kind === 'catalogue' ? source.name : source.kind)
  return {
    ...resolved,
    source,
    chosen,
    engine: engineRequestOf(settings),
    dials: dialsOf(resolved, chosen.config.method),
    resume: typeof resume === 'string' ? resume : undefined,
    json: flags.get('json') === true,
    quiet: flags.get('quiet') === true,
  }
}

/** Lays flags over a file. Of what computes, either speaks whole: a file's `adapter` says nothing about a flag's `engine`. */
function settingsFrom(flags: GivenSettings, file: GivenSettings): ResolvedSettings {
  const saysMachine = MACHINE_KEYS.some((key) => flags.has(key))
  const kept = saysMachine ? [...file].filter(([key]) => !MACHINE_KEYS.some((other) => other === key)) : file
  return resolveSettings(flags, new Map(kept))
}

/** The `config.json` of the run to resume, after refusing flags that would make another run of it. */
function configOfRun(folder: string, flags: Flags): string {
  for (const flag of flags.keys()) {
    if (BESIDE_RESUME.has(flag)) continue
    throw new UsageError(
      `--${flag} cannot stand beside --resume: the run goes on as it began, and only --epochs, --engine, --threads, --adapter, ` +
        `--json and --quiet can be given; for another run start from --config ${join(folder, RUN_FILES.config)}`,
    )
  }
  const config = join(folder, RUN_FILES.config)
  if (existsSync(config)) return config
  const inRuns = join('runs', folder)
  const why = existsSync(join(inRuns, RUN_FILES.config))
    ? `there is no such folder: did you mean ${inRuns}?`
    : existsSync(folder)
      ? `it has no ${RUN_FILES.config}`
      : 'there is no such folder'
  throw new UsageError(`--resume is "${folder}"; expected the folder of a run, but ${why}`)
}

function engineRequestOf({ engine: kind = 'auto', adapter, threads }: TrainSettings): EngineRequest {
  return { kind, ...(adapter !== undefined && { adapter }), ...(threads !== undefined && { threads }) }
}

/** A dial that is not given beside one that is stays off. Those of other methods, in a file, were let go. */
function dialsOf(resolved: ResolvedSettings, method: MethodConfig): Dials | undefined {
  const dials = dialsIn(resolved, Object.keys(methodOf(method).dials))
  return Object.keys(dials).length === 0 ? undefined : dials
}
