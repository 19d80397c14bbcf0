import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { placeNode } from './nodeBinary.ts'
import { packBundle, writeBundle } from './writeBundle.ts'

const HELP = `pnpm bench:bundle [--out <folder>] [--data <names> --data-root <folder>]

Writes a folder, and a .tar.gz of it, that runs the benchmark and the kernels' tests on an x86-64 Linux machine with an NVIDIA driver
and nothing else.

  --out        the folder (runs/gradrec-bench)
  --data       data sets to take along, of those in the data root: ml10m
  --data-root  where data sets are ($GRADREC_DATA)
`

/** What a machine without a fast line takes without complaint. */
const MOST_BYTES = 60e6

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join('runs', 'gradrec-bench') },
    data: { type: 'string', default: '' },
    'data-root': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) process.stdout.write(HELP)
else process.exitCode = await bundle()

async function bundle(): Promise<number> {
  const root = resolve(values.out)
  const dataRoot = values['data-root'] ?? process.env['GRADREC_DATA']
  const data: Record<string, string> = {}
  for (const name of values.data.split(',').filter((each) => each !== '')) {
    const folder = dataRoot === undefined ? undefined : resolve(dataRoot, name)
    if (folder === undefined || !existsSync(folder)) {
      return refuse(
        `--data ${name}: ${folder ?? 'no data root was given'} ${folder === undefined ? '' : 'is not there'}`,
      )
    }
    data[name] = folder
  }
  const { node, tests, glibc } = await writeBundle(root, { placeNode, data, now: new Date() })
  const { path, bytes } = await packBundle(root)
  const { from, stripped } = node
  const saved = stripped && `${megabytes(stripped.before)} stripped to ${megabytes(stripped.after)}`
  say(`Node: ${from}; ${saved ?? 'not stripped, there is no strip here'}`)
  for (const name of ['lib/node', 'lib/code/node_modules/webgpu', 'lib/code', 'lib/vulkan', 'data']) {
    if (existsSync(join(root, name))) say(`${megabytes(await sizeOf(join(root, name)))}  ${name}`)
  }
  say(`${megabytes(await sizeOf(root))}  ${root}: ${tests.length} test files; needs glibc ${glibc}`)
  say(`${megabytes(bytes)}  ${path}`)
  return bytes <= MOST_BYTES ? 0 : refuse(`${path} is larger than ${megabytes(MOST_BYTES)}: leave out data`)
}

async function sizeOf(path: string): Promise<number> {
  const facts = await stat(path)
  if (!facts.isDirectory()) return facts.size
  let bytes = 0
  for (const name of await readdir(path)) bytes += await sizeOf(join(path, name))
  return bytes
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1).padStart(6)} MB`
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function refuse(why: string): number {
  process.stderr.write(`error: ${why}\n`)
  return 1
}
