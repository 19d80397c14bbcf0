import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, type ArgsDef } from 'citty'
import {
  describeDevice,
  describeFailure,
  ExitCode,
  exitCodeOf,
  openUsableEngine,
  Output,
  parseFlags,
  UsageError,
  type Context,
  type Flags,
} from '@gradrec/cli'
import { AbortedError } from '@gradrec/core'
import type { EngineKind } from '@gradrec/engines'
import { writePage } from './page/writePage.ts'
import type { Part } from './part.ts'
import { PARTS } from './parts.ts'
import { measuredOn } from './results/measuredOn.ts'
import { writeResult } from './results/resultFile.ts'

const ARGS: ArgsDef = {
  quick: { type: 'boolean', description: 'sampled steps and few rounds: about two minutes on two cores' },
  engine: { type: 'string', valueHint: 'auto|webgpu|wasm', description: 'which engine (auto: a GPU if there is one)' },
  adapter: { type: 'string', valueHint: 'auto|hardware|software|name', description: 'which WebGPU adapter' },
  threads: { type: 'string', valueHint: 'number', description: 'threads of the WebAssembly engine (one a core)' },
  'data-root': { type: 'string', valueHint: 'folder', description: 'real data sets ($GRADREC_DATA); else simulated' },
  datasets: { type: 'string', valueHint: 'names', description: 'table4: of ml10m,netflix (both)' },
  backbones: { type: 'string', valueHint: 'names', description: 'table4, peers: of mf,lgn (both)' },
  python: { type: 'string', valueHint: 'path', description: 'peers: Python with PyTorch and implicit (python3)' },
  out: { type: 'string', valueHint: 'folder', description: 'where result files go (runs/bench)' },
}

const PAGE_ARGS: ArgsDef = {
  folder: { type: 'string', valueHint: 'folder', description: 'page: which has the results (benchmarks)' },
}

/**
 * Runs the benchmark's command and resolves to its exit code: 0 done, 1 failed, 2 wrongly called, 130 interrupted. Never rejects: what
 * goes wrong is one line on stderr.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await bench(argv, context)
  } catch (error) {
    context.stderr.write(`${describeFailure(error, context.environment['GRADREC_DEBUG'] === '1')}\n`)
    return exitCodeOf(error)
  }
}

async function bench(argv: readonly string[], context: Context): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    await help(context)
    return ExitCode.ok
  }
  const firstFlag = argv.findIndex((word) => word.startsWith('-'))
  const names = firstFlag < 0 ? argv : argv.slice(0, firstFlag)
  if (names[0] === 'page') {
    await page(names, firstFlag < 0 ? [] : argv.slice(firstFlag), context)
    return ExitCode.ok
  }
  const parts = names.length === 0 ? PARTS : names.map(partOf)
  const flags = parseFlags(firstFlag < 0 ? [] : argv.slice(firstFlag), ARGS, 'pnpm bench')
  const quick = flags.get('quick') === true
  const output = new Output(context.stdout, context.stderr, {
    quiet: false,
    colour: context.stderr.isTTY === true && (context.environment['NO_COLOR'] ?? '') === '',
    now: () => context.now().getTime(),
  })
  const asked = engineRequest(flags)
  const opened = await openUsableEngine(asked, context.machine)
  if (opened.kind === 'restarted') return opened.exitCode
  const { engine } = opened
  const controller = new AbortController()
  const release = context.onInterrupt(() => {
    if (controller.signal.aborted) context.quit(ExitCode.interrupted)
    controller.abort()
  })
  try {
    output.fact('engine', describeDevice(engine.name, engine.device))
    const dataRoot = textOf(flags, 'data-root') ?? context.environment['GRADREC_DATA']
    for (const part of parts) {
      const command = ['pnpm bench', part.name, ...(firstFlag < 0 ? [] : argv.slice(firstFlag))].join(' ')
      const facts = await measuredOn(part.name, engine, { quick, command: withoutPaths(command), now: context.now() })
      const { machine, environment } = context
      const { signal } = controller
      const measured = await part.run({
        engine,
        engineKind: asked.kind,
        machine,
        quick,
        dataRoot,
        environment,
        output,
        signal,
        flags,
      })
      const path = await writeResult(textOf(flags, 'out') ?? 'runs/bench', { ...facts, ...measured })
      output.log(`${part.name}: written to ${path}\n`)
    }
    return ExitCode.ok
  } catch (error) {
    output.clear()
    if (!(error instanceof AbortedError)) throw error
    output.log('stopped on request; parts that had finished are kept')
    return ExitCode.interrupted
  } finally {
    release()
    await engine.close()
  }
}

/** Needs no engine: everything is in the result files. */
async function page(names: readonly string[], flagWords: readonly string[], { stderr }: Context): Promise<void> {
  if (names.length > 1) throw new UsageError(`page stands alone; "${names.slice(1).join(' ')}" came with it`)
  const flags = parseFlags(flagWords, PAGE_ARGS, 'pnpm bench page')
  const path = await writePage(textOf(flags, 'folder') ?? 'benchmarks')
  stderr.write(`page: written to ${path}\n`)
}

function partOf(name: string): Part {
  const part = PARTS.find((each) => each.name === name)
  if (part !== undefined) return part
  throw new UsageError(
    `"${name}" is not a part of the benchmark; there are ${PARTS.map((each) => each.name).join(', ')}`,
  )
}

function engineRequest(flags: Flags): {
  readonly kind: EngineKind
  readonly adapter?: string
  readonly threads?: number
} {
  const kind = textOf(flags, 'engine') ?? 'auto'
  if (kind !== 'auto' && kind !== 'webgpu' && kind !== 'wasm') {
    throw new UsageError(`--engine is "${kind}"; expected auto, webgpu or wasm`)
  }
  const adapter = textOf(flags, 'adapter')
  const threads = textOf(flags, 'threads')
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads)) {
    throw new UsageError(`--threads is "${threads}"; expected a whole number, 1 or more`)
  }
  return { kind, ...(adapter !== undefined && { adapter }), ...(threads !== undefined && { threads: Number(threads) }) }
}

function textOf(flags: Flags, name: string): string | undefined {
  const value = flags.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A command as others can type it: folders are their own. */
function withoutPaths(command: string): string {
  return command.replaceAll(/--(data-root|out|python)[= ]\S+/g, '--$1 …')
}

async function help({ stdout, environment }: Context): Promise<void> {
  const usage = await renderUsage(
    defineCommand({
      meta: { name: 'pnpm bench [part …]', description: 'Measure epochs, kernels, scale and peers' },
      args: { ...ARGS, ...PAGE_ARGS },
    }),
  )
  const plain = stdout.isTTY !== true || (environment['NO_COLOR'] ?? '') !== ''
  const listed = [
    ...PARTS,
    { name: 'page', description: 'no measurement: writes benchmarks/README.md from the results' },
  ]
  const width = Math.max(...listed.map(({ name }) => name.length))
  const parts = listed.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')
  stdout.write(
    `${plain ? stripVTControlCharacters(usage) : usage}\n\nPARTS (all but page, if none is named)\n\n${parts}\n`,
  )
}
