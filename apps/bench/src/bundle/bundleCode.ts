import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { rolldown, type OutputOptions, type Plugin } from 'rolldown'
import type { Versions } from '@gradrec/cli'

/** Test files of the kernels that are left out of a bundle, and why: those that only a driver on the CPU could pass. */
export const LEFT_OUT: Readonly<Record<string, string>> = {}

/** Modules of the workspace that look at where they lie, and do without it in a bundle. */
const KNOW_THEIR_PLACE = [/onMachine\/(start|test)\.ts$/, /software-vulkan\/src\/unpackedArchive\.ts$/]
/** Modules that look into the checkout, of which a bundle has versions of its own. */
const REPLACED = /apps\/(cli\/src\/run\/provenance|bench\/src\/peers\/places)\.ts$/

/** Where the programs of other libraries go, beside the code. */
export const PEERS_FOLDER = 'peers'

/**
 * Writes the programs of a bundle, and everything of the workspace and of npm that they import, as modules into a folder: `start`,
 * `probe`, `bench`, `gradrecPeer`, `test`, `testFile` and `tests/*`. Dawn's bindings are imported by name, as in the workspace.
 *
 * @param workspace the root of this repository
 * @returns names of the test files
 * @throws Error for code that would not work away from its checkout
 */
export async function bundleCode(workspace: string, folder: string, versions: Versions): Promise<string[]> {
  const source = join(workspace, 'apps', 'bench', 'src')
  const onMachine = join(source, 'bundle', 'onMachine')
  const tests = await testFiles(workspace, onMachine)
  const plugins = [replacedModules(versions), refusePlaces(workspace)]
  await rm(folder, { recursive: true, force: true })
  // Programs that share no modules: a module of one may otherwise be placed into another, which would run with it.
  const programs: (readonly [string, string])[] = ['start', 'probe', 'test'].map(
    (name) => [name, join(onMachine, `${name}.ts`)] as const,
  )
  programs.push(['bench', join(source, 'main.ts')], ['gradrecPeer', join(source, 'peers', 'gradrecPeer.ts')])
  for (const [name, path] of programs) await write(folder, { [name]: path }, plugins, { codeSplitting: false })
  const testFile = join(onMachine, 'testFile.ts')
  const entries = new Set([testFile, ...tests])
  await write(
    folder,
    { testFile, ...Object.fromEntries(tests.map((path) => [`tests/${testName(path)}`, path])) },
    [...plugins, { name: 'vitest', resolveId: (id) => (id === 'vitest' ? join(onMachine, 'vitest.ts') : null) }],
    // For the same reason, all that is not a test file goes into a module that has no tests.
    {
      codeSplitting: { groups: [{ name: 'shared', test: (id) => !entries.has(id) }] },
      chunkFileNames: 'tests/lib/[name].mjs',
    },
  )
  return tests.map(testName)
}

async function write(
  folder: string,
  input: Readonly<Record<string, string>>,
  plugins: readonly Plugin[],
  output: OutputOptions,
): Promise<void> {
  const bundle = await rolldown({
    input: { ...input },
    platform: 'node',
    external: ['webgpu'],
    resolve: { conditionNames: ['@gradrec/source', 'node', 'import', 'default'] },
    plugins: [...plugins],
    logLevel: 'warn',
    onLog(level, log, handle) {
      // A module that is not found stays an import, which the other machine could only trip over.
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      handle(level, log)
    },
  })
  try {
    const written = await bundle.write({ ...output, dir: folder, format: 'esm', entryFileNames: '[name].mjs' })
    const chunks = written.output.filter((file) => file.type === 'chunk')
    const programs = chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName)
    const drawnIn = chunks.flatMap((chunk) => chunk.imports).find((name) => programs.includes(name))
    if (drawnIn !== undefined) throw new Error(`${drawnIn} would run wherever something else imports from it`)
  } finally {
    await bundle.close()
  }
}

async function testFiles(workspace: string, onMachine: string): Promise<string[]> {
  const folders = [join(workspace, 'packages', 'kernels', 'test'), join(onMachine, 'tests')]
  const found: string[] = []
  for (const folder of folders) {
    const names = (await readdir(folder))
      .toSorted()
      .filter((name) => name.endsWith('.test.ts') || folder === folders[1])
    found.push(...names.filter((name) => LEFT_OUT[name] === undefined).map((name) => join(folder, name)))
  }
  return found
}

function testName(path: string): string {
  return basename(path).replace(/(\.test)?\.ts$/, '')
}

/**
 * There is no package and no checkout to ask on the other machine, so versions and commit are put into the code, and peers' programs lie
 * beside it.
 */
function replacedModules({ gradrec, webgpu, commit }: Versions): Plugin {
  const platform = '`${process.platform} ${process.arch}`'
  const frozen = JSON.stringify({ gradrec, webgpu, commit: commit ?? 'unknown' })
  const provenance = `
    export const versionOfGradrec = async () => ${JSON.stringify(gradrec)}
    export const versions = async () => ({ ...${frozen}, node: process.version, platform: ${platform} })
  `
  const peers = `
    import { fileURLToPath } from 'node:url'
    export const PEERS = fileURLToPath(new URL('${PEERS_FOLDER}', import.meta.url))
    export const GRADREC_PEER = fileURLToPath(new URL('gradrecPeer.mjs', import.meta.url))
  `
  return {
    name: 'replaced modules',
    load: {
      filter: { id: REPLACED },
      handler: (id) => (id.endsWith('provenance.ts') ? provenance : peers),
    },
  }
}

/** Looks at what is left after unused code was dropped. */
function refusePlaces(workspace: string): Plugin {
  const isOurs = (id: string): boolean => id.startsWith(workspace) && !id.includes('node_modules')
  const isKnown = (id: string): boolean => REPLACED.test(id) || KNOW_THEIR_PLACE.some((known) => known.test(id))
  return {
    name: 'no places',
    generateBundle(_, output) {
      for (const chunk of Object.values(output).filter((file) => file.type === 'chunk')) {
        for (const [id, { code }] of Object.entries(chunk.modules)) {
          if (!isOurs(id) || isKnown(id) || !/\bimport\.meta\.(url|dirname|filename|resolve)\b/.test(code ?? ''))
            continue
          throw new Error(
            `${id} looks at where it lies (import.meta), which is elsewhere in a bundle: give it what it looks for`,
          )
        }
      }
    },
  }
}
