import { createWriteStream } from 'node:fs'
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { versions } from '@gradrec/cli'
import { unpackedArchive } from '@gradrec/software-vulkan'
import { pack } from 'tar-fs'
import { bundleCode, LEFT_OUT, PEERS_FOLDER } from './bundleCode.ts'
import { highestVersion, libraryNeeds } from './libraryNeeds.ts'
import { strip, type PlacedNode } from './nodeBinary.ts'
import { bundleFolders, PROGRAMS } from './onMachine/programs.ts'
import { readme } from './readme.ts'
import { startScript, startShell } from './startScripts.ts'

/** This repository, seen from src/bundle and from dist/bundle alike. */
const WORKSPACE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..')

export interface BundleOptions {
  /** Puts an executable Node for x86-64 Linux at a path. */
  readonly placeNode: (target: string) => Promise<PlacedNode>
  /** Folders of data sets to take along, by catalogue name. */
  readonly data?: Readonly<Record<string, string>>
  readonly now: Date
}

/** What was written. */
export interface WrittenBundle {
  readonly node: PlacedNode
  readonly tests: readonly string[]
  readonly glibc: string
}

/**
 * Writes a folder that runs the benchmark and the kernels' tests on an x86-64 Linux machine with an NVIDIA driver and nothing else. A
 * bundle that is in the folder is replaced, but for its results.
 *
 * @throws Error for a folder that holds anything else
 */
export async function writeBundle(root: string, { placeNode, data = {}, now }: BundleOptions): Promise<WrittenBundle> {
  await clear(root)
  const folders = bundleFolders(root)
  for (const folder of [folders.code, folders.loader, folders.results]) await mkdir(folder, { recursive: true })
  const node = join(root, 'lib', 'node')
  const placed = await placeNode(node)
  const about = await versions()
  const tests = await bundleCode(WORKSPACE, folders.code, about)
  // Without what npm installs for TensorFlow.js: these say what is missing, and the benchmark goes on without them.
  await cp(join(WORKSPACE, 'benchmarks', 'peers', 'python'), join(folders.code, PEERS_FOLDER, 'python'), {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  })
  const dawn = await placeDawn(join(folders.code, 'node_modules', 'webgpu'))
  const loader = join(folders.loader, 'libvulkan.so.1')
  await copyFile(join(await unpackedArchive('swiftshader'), basename(loader)), loader)
  const needed: string[] = []
  for (const file of [node, dawn, loader]) needed.push(...libraryNeeds(await readFile(file)).versions)
  const glibc = highestVersion(needed, 'GLIBC') ?? '2.34'
  const facts = {
    commit: about.commit ?? 'unknown',
    bundledAt: now.toISOString(),
    node: process.version,
    glibc,
    glibcxx: highestVersion(needed, 'GLIBCXX') ?? '3.4.30',
    tests,
    leftOut: LEFT_OUT,
    data: Object.keys(data),
  }
  await writeFile(
    join(root, 'bundle.json'),
    `${JSON.stringify({ ...facts, nodeFrom: placed.from, webgpu: about.webgpu }, undefined, 2)}\n`,
  )
  await writeFile(join(root, 'README.txt'), readme(facts))
  await copyFile(join(WORKSPACE, 'LICENSE'), join(root, 'LICENSE'))
  await writeFile(join(root, 'lib', 'start.sh'), startShell(glibc), { mode: 0o755 })
  for (const program of PROGRAMS) await writeFile(join(root, program), startScript(program), { mode: 0o755 })
  for (const [name, folder] of Object.entries(data)) {
    await cp(folder, join(folders.data, name), { recursive: true })
  }
  return { node: placed, tests, glibc }
}

/**
 * Packs a folder without its results, under its own name, as `<folder>.tar.gz`, which every image can unpack, as it cannot xz. Returns the
 * archive's path and size.
 */
export async function packBundle(root: string): Promise<{ readonly path: string; readonly bytes: number }> {
  const path = `${root}.tar.gz`
  const name = basename(root)
  const entries = pack(root, {
    ignore: (file) => file.startsWith(join(root, 'results')),
    map: (header) => ({
      ...header,
      name: join(name, header.name),
      // What is unpacked can be removed, also what was copied from a data set that nobody may write.
      mode: (header.mode ?? 0o644) | 0o200,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
    }),
  })
  await pipeline(entries, createGzip({ level: 9 }), createWriteStream(path))
  return { path, bytes: (await stat(path)).size }
}

/** Makes room, but for results of earlier runs. */
async function clear(root: string): Promise<void> {
  const names = await readdir(root).catch((): string[] => [])
  if (names.length > 0 && !names.includes('bundle.json')) {
    throw new Error(`${root} holds something other than a bundle; name a folder that is empty or not there`)
  }
  for (const name of names) {
    if (name !== 'results') await rm(join(root, name), { recursive: true })
  }
}

/** The bindings' package with the binary for x86-64 Linux alone: all platforms together are 120 MB. Returns the binary's path. */
async function placeDawn(target: string): Promise<string> {
  const engine = fileURLToPath(import.meta.resolve('@gradrec/kernels'))
  const source = dirname(createRequire(engine).resolve('webgpu/package.json'))
  const binary = join('dist', 'linux-x64', 'dawn.node')
  await mkdir(join(target, dirname(binary)), { recursive: true })
  for (const name of ['package.json', 'index.js', 'LICENSE.md', binary])
    await copyFile(join(source, name), join(target, name))
  await strip(join(target, binary))
  return join(target, binary)
}
