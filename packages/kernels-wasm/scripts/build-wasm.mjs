// Compiles assembly/ to WebAssembly twice, for shared memory with threads and for plain memory without, and embeds both in one
// TypeScript module, so that bundlers and browsers need no loader. The layout of the blocks that the host fills is read off
// the AssemblyScript classes themselves, so that host and kernels can never disagree.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main as compileAssembly } from 'assemblyscript/asc'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const assembly = join(root, 'assembly')

/** One 64 KiB page less than 4 GiB, so that no address past the end of anything wraps around to 0. */
const MAXIMUM_PAGES = 65_535

const FLAGS = (
  '-O3 --noAssert --runtime stub --use abort= ' +
  `--importMemory --noExportMemory --maximumMemory ${MAXIMUM_PAGES} ` +
  // usize and u32 are the same here: WebAssembly has 32-bit addresses.
  '--disableWarning 201'
).split(' ')

async function compile(features) {
  let binary
  const { error, stderr } = await compileAssembly(['index.ts', '--outFile', 'out.wasm', ...FLAGS, ...features], {
    readFile: (name) => {
      try {
        return readFileSync(join(assembly, name), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (_, contents) => {
      binary = contents
    },
    listFiles: () => [],
  })
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`)
  // Every thread instantiates the module on the same memory: a data segment would be written again over what is in use.
  if (sectionIds(binary).includes(11))
    throw new Error('the module has a data section; keep static data out of assembly/')
  return Buffer.from(binary)
}

/** Sizes that the kernels alone decide, as linear functions of what the host knows. */
function sizesFrom(binary) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory, now: () => 0 } })
  const { teamBytes, columnBlockBytes, towerSlots, fitScratchBytes, rankScratchBytes } = exports
  const { variantGroup, variantPadding, variantScratchBytes } = exports
  const { distancePanel, distanceBlockPanels, mostDistanceBlocks, distanceTileBytes, distanceScratchBytes } = exports
  return {
    team: teamBytes(),
    columnBlock: columnBlockBytes(),
    towerSlots: towerSlots(),
    fitScratch: fitScratchBytes(0),
    fitScratchPerRow: fitScratchBytes(1) - fitScratchBytes(0),
    distance: {
      panel: distancePanel(),
      blockPanels: distanceBlockPanels(),
      mostBlocks: mostDistanceBlocks(),
      tile: distanceTileBytes(),
      scratch: distanceScratchBytes(),
    },
    phases: exports.phaseCount(),
    rankScratch: rankScratchBytes(0),
    rankScratchPerPlace: rankScratchBytes(1) - rankScratchBytes(0),
    variantGroup: variantGroup(),
    variantPadding: variantPadding(),
    variantScratchPerPlace: variantScratchBytes(0, 0, 1) - variantScratchBytes(0, 0, 0),
  }
}

/** Numbers of a module's sections: https://webassembly.github.io/spec/core/binary/modules.html */
function sectionIds(binary) {
  const ids = []
  let at = 8
  while (at < binary.length) {
    ids.push(binary[at++])
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++]
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    at += size
  }
  return ids
}

/** Fields of the `@unmanaged` classes, in order; each takes four bytes. */
function blocksIn(text) {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  return [...code.matchAll(/@unmanaged\s+export class (\w+) {([^}]*)}/g)].map(([, name, body]) => {
    const fields = [...body.matchAll(/(\w+): (\w+)/g)].map(([, field, type]) => [field, type])
    const odd = fields.find(([, type]) => !['u32', 'usize', 'f32'].includes(type))
    if (odd !== undefined) throw new Error(`${name}.${odd[0]} is ${odd[1]}; expected u32, usize or f32`)
    return [name, Object.fromEntries(fields.map(([field, type]) => [field, type === 'f32' ? 'f32' : 'u32']))]
  })
}

/** Names of a step's phases, by number: `SCORE_DICE` is `scoreDice`. */
function phasesIn(text, count) {
  const names = []
  for (const [, name, number] of text.matchAll(/^export const (\w+): u32 = (\d+)$/gm)) {
    names[number] ??= name.toLowerCase().replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())
  }
  if (names[count] !== 'phases') throw new Error(`phases.ts numbers ${names.length - 1} phases and counts ${count}`)
  return names.slice(0, count)
}

const sources = readdirSync(assembly).filter((name) => name.endsWith('.ts'))
const blocks = Object.fromEntries(sources.flatMap((name) => blocksIn(readFileSync(join(assembly, name), 'utf8'))))
const shared = await compile(['--enable', 'simd', '--enable', 'threads', '--sharedMemory'])
const plain = await compile(['--enable', 'simd'])
const sizes = sizesFrom(plain)
const phases = phasesIn(readFileSync(join(assembly, 'phases.ts'), 'utf8'), sizes.phases)

const content =
  '// Made by scripts/build-wasm.mjs from assembly/: change that.\n' +
  `export const MAXIMUM_PAGES = ${MAXIMUM_PAGES}\n` +
  `export const blocks = ${JSON.stringify(blocks, null, 2)} as const\n` +
  `/** Bytes of the team's words, of a block of columns, and of a thread's scratch; slots that MACR's towers are summed over at once; parts that distances are taken in. */\nexport const sizes = ${JSON.stringify(sizes)} as const\n` +
  `/** Names of a step's phases, in the order of their numbers. */\nexport const phases: readonly string[] = ${JSON.stringify(phases)}\n` +
  `/** For shared memory, with threads. */\nexport const sharedWasm = '${shared.toString('base64')}'\n` +
  `/** For plain memory and one thread. */\nexport const plainWasm = '${plain.toString('base64')}'\n`
const target = join(root, 'src', 'wasm.generated.ts')
let before
try {
  before = readFileSync(target, 'utf8')
} catch {
  before = undefined
}
if (before !== content) writeFileSync(target, content)
