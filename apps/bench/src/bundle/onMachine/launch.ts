import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { AdapterDescription } from '@gradrec/kernels'
import { adapterChoice, adapterWanted, fitting, type AdapterWanted } from './adapterWanted.ts'
import { describeAdapter, diagnosis } from './diagnosis.ts'
import { driverAttempts, manifestFor, type DriverAttempt } from './driverAttempts.ts'
import { driverFiles, type DriverFiles } from './driverFiles.ts'
import { machineFacts } from './machineFacts.ts'
import { probe, type Probed } from './probed.ts'
import {
  benchArguments,
  bundleFolders,
  isForCpuAlone,
  isForHelp,
  type BundleFolders,
  type Program,
} from './programs.ts'

/** Where an adapter was found, or that none was. */
interface Search {
  readonly files: DriverFiles
  readonly tried: readonly { readonly attempt: DriverAttempt; readonly probed: Probed }[]
  readonly found?: { readonly attempt: DriverAttempt; readonly adapter: AdapterDescription }
}

/**
 * Finds the GPU's Vulkan driver, makes sure that it is the GPU, and only then runs the program, in a process with that driver in its
 * environment. Resolves to the exit code.
 */
export async function launch(program: Program, args: readonly string[], root: string): Promise<number> {
  const folders = bundleFolders(root)
  const parsed = adapterWanted(args)
  if ('error' in parsed) return refuse(parsed.error)
  const { wanted, rest } = parsed
  if (isForHelp(rest)) {
    if (program !== 'doctor') return run(program, rest, {}, folders)
    process.stdout.write(
      './doctor [--adapter <part of a name> | --any-adapter]\n\nSays what this machine offers the benchmark.\n',
    )
    return 0
  }
  if (isForCpuAlone(program, rest)) {
    say('no GPU is looked for: --engine wasm measures this machine’s CPU alone')
    return run(program, benchArguments(rest, wanted, folders), {}, folders)
  }
  const search = searchFor(wanted, folders)
  if (program === 'doctor') return doctor(search, wanted, root)
  const { found, files, tried } = search
  if (found === undefined) {
    return refuse(
      diagnosis(
        wanted,
        files,
        tried.map(({ probed }) => probed),
        process.env,
      ),
    )
  }
  say(`adapter: ${describeAdapter(found.adapter)}, through ${found.attempt.description}`)
  if (wanted.kind !== 'nvidia') warnOf(wanted, found.adapter)
  record(program, search, wanted, folders)
  const environment = { ...found.attempt.environment, GRADREC_TEST_ADAPTER: adapterChoice(wanted) }
  return run(program, program === 'bench' ? benchArguments(rest, wanted, folders) : rest, environment, folders)
}

function searchFor(wanted: AdapterWanted, folders: BundleFolders): Search {
  const files = driverFiles(process.env)
  const attempts = driverAttempts(files, {
    environment: process.env,
    ownLoader: folders.loader,
    writeManifest: writtenManifest,
  })
  const tried: { attempt: DriverAttempt; probed: Probed }[] = []
  for (const attempt of attempts) {
    const probed = probe(join(folders.code, 'probe.mjs'), attempt.environment)
    tried.push({ attempt, probed })
    const adapter = fitting(wanted, probed.adapters)
    if (adapter !== undefined) return { files, tried, found: { attempt, adapter } }
  }
  return { files, tried }
}

let manifests: string | undefined

function writtenManifest(library: string): string {
  manifests ??= mkdtempSync(join(tmpdir(), 'gradrec-vulkan-'))
  const path = join(manifests, `${basename(library)}.json`)
  writeFileSync(path, manifestFor(library))
  return path
}

/** Everything there is to know, for a person who has to find out why there is no GPU; exit code 0 with the GPU, 1 without. */
function doctor({ files, tried, found }: Search, wanted: AdapterWanted, root: string): number {
  const line = (label: string, text: string): void => void process.stdout.write(`${label.padEnd(28)}${text}\n`)
  const { commit, bundledAt } = JSON.parse(readFileSync(join(root, 'bundle.json'), 'utf8')) as Record<string, string>
  line('bundle', `commit ${commit}, written ${bundledAt}`)
  for (const [label, text] of Object.entries(machineFacts(process.env))) line(label, text)
  const list = (paths: readonly string[]): string => (paths.length === 0 ? 'none' : paths.join(' '))
  line('GPU device files', list(files.devices))
  line('Vulkan loader', files.loader ?? `none on this machine: ${join(root, 'lib', 'vulkan')} is used`)
  line('NVIDIA’s Vulkan libraries', list(files.libraries))
  line('NVIDIA’s Vulkan manifests', list(files.manifests))
  for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'LD_LIBRARY_PATH']) {
    if (process.env[name] !== undefined) line(name, process.env[name])
  }
  for (const { attempt, probed } of tried) {
    process.stdout.write(`\ntried: ${attempt.description}\n`)
    for (const [name, value] of Object.entries(attempt.environment)) process.stdout.write(`  with ${name}=${value}\n`)
    for (const adapter of probed.adapters) process.stdout.write(`  found ${describeAdapter(adapter)}\n`)
    if (probed.adapters.length === 0) process.stdout.write('  found no adapter\n')
    if (probed.failure !== undefined) process.stdout.write(`  failed: ${probed.failure}\n`)
    for (const complaint of (probed.complaints ?? []).slice(0, 12)) process.stdout.write(`  | ${complaint}\n`)
  }
  process.stdout.write('\n')
  if (found === undefined) {
    return refuse(
      diagnosis(
        wanted,
        files,
        tried.map(({ probed }) => probed),
        process.env,
      ),
    )
  }
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup } = found.adapter.limits
  line('adapter', describeAdapter(found.adapter))
  line('features', found.adapter.features.join(' '))
  line('largest buffer, binding', `${maxBufferSize} bytes, ${maxStorageBufferBindingSize} bytes`)
  line('invocations in a workgroup', `${maxComputeInvocationsPerWorkgroup}`)
  if (wanted.kind !== 'nvidia') warnOf(wanted, found.adapter)
  else say('all is well: ./test and ./bench will use this GPU')
  return 0
}

/** Keeps beside the results what they were measured on; a folder that cannot be written is for the program to complain of. */
function record(
  program: Program,
  { files, found, tried }: Search,
  wanted: AdapterWanted,
  folders: BundleFolders,
): void {
  const { root, results } = folders
  const facts = {
    bundle: JSON.parse(readFileSync(join(root, 'bundle.json'), 'utf8')) as unknown,
    startedAt: new Date().toISOString(),
    program,
    adapterWanted: wanted,
    isNvidiaGpuAsserted: wanted.kind === 'nvidia',
    adapter: found?.adapter,
    through: found?.attempt,
    attempts: tried.length,
    files,
    machine: machineFacts(process.env),
  }
  try {
    mkdirSync(results, { recursive: true })
    writeFileSync(join(results, `${program}-machine.json`), `${JSON.stringify(facts, undefined, 2)}\n`)
  } catch {
    say(`${results} cannot be written`)
  }
}

function run(
  program: Program,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { code, root }: BundleFolders,
): Promise<number> {
  const child = spawn(process.execPath, [join(code, `${program}.mjs`), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment, GRADREC_BUNDLE: root },
  })
  // A terminal's Ctrl-C reaches the child by itself, which then decides when to end; what is sent to this process alone is handed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode, signal) => {
      if (signal !== null) say(`${program} was ended by ${signal}`)
      resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

function warnOf(wanted: AdapterWanted, adapter: AdapterDescription): void {
  const asked = wanted.kind === 'any' ? '--any-adapter' : `--adapter ${adapterChoice(wanted)}`
  say(
    `WARNING: ${asked} was given, so nothing makes sure that this is an NVIDIA GPU; it is ${describeAdapter(adapter)}`,
  )
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function refuse(why: string): number {
  say(`error: ${why}`)
  return 1
}
