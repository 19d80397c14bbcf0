// Turns the .wgsl files into one TypeScript module, so that bundlers and browsers need no loader: `//#include "x.wgsl"` is
// resolved, and what the host must know of a shader (bindings, override constants, uniform fields) is read off the shader
// itself, so that the two can never disagree. Every line remembers the file and line it came from, for compile errors.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src')
const folders = ['kernels', 'ops', 'wgsl']

const files = new Map()
for (const folder of folders) {
  for (const name of readdirSync(join(source, folder))) {
    if (!name.endsWith('.wgsl')) continue
    if (files.has(name)) throw new Error(`two shaders are called ${name}`)
    files.set(name, { path: `${folder}/${name}`, text: readFileSync(join(source, folder, name), 'utf8') })
  }
}

/** Lines of a file with its includes in place, each included file once. */
function expand(name, seen = new Set()) {
  seen.add(name)
  const file = files.get(name)
  if (file === undefined) throw new Error(`no shader is called ${name}`)
  return file.text.split('\n').flatMap((text, index) => {
    const include = /^\/\/#include "(.+)"$/.exec(text)
    if (include === null) return [{ text, file: file.path, line: index + 1 }]
    return seen.has(include[1]) ? [] : expand(include[1], seen)
  })
}

/** Runs of consecutive lines from one file: [first line of the whole, file, first line in the file]. */
function originsOf(lines) {
  const origins = []
  let previous
  for (const [index, line] of lines.entries()) {
    if (previous?.file !== line.file || previous.line + 1 !== line.line) origins.push([index + 1, line.file, line.line])
    previous = line
  }
  return origins
}

function describe(name) {
  const lines = expand(name)
  const text = lines.map((line) => line.text).join('\n')
  const code = text.replaceAll(/\/\/.*$/gm, '')
  const bindings = {}
  const uniforms = {}
  for (const [, group, index, space, variable, type] of code.matchAll(
    /@group\((\d)\)\s*@binding\((\d+)\)\s*var<([^>]+)>\s*(\w+)\s*:\s*([^;]+);/g,
  )) {
    const kind = { 'storage, read': 'read', 'storage, read_write': 'write', uniform: 'uniform' }[space]
    if (kind === undefined) throw new Error(`${name}: ${variable} is in address space ${space}`)
    if (kind === 'uniform') uniforms[variable] = fieldsOf(code, type.trim(), name)
    if (group === '1') continue // the per-step uniform, bound with a dynamic offset
    if (Object.keys(bindings).length !== Number(index)) throw new Error(`${name}: binding ${index} is out of order`)
    bindings[variable] = kind
  }
  const overrides = Object.fromEntries(
    [...code.matchAll(/override\s+(\w+)\s*:\s*(\w+)/g)].map(([, constant, type]) => [constant, type]),
  )
  return {
    file: files.get(name).path,
    usesStep: 'step' in uniforms,
    bindings,
    overrides,
    uniforms,
    origins: originsOf(lines),
    text,
  }
}

function fieldsOf(code, struct, name) {
  const body = new RegExp(`struct ${struct}\\s*{([^}]*)}`).exec(code)
  if (body === null) throw new Error(`${name}: uniform struct ${struct} not found`)
  const fields = [...body[1].matchAll(/(\w+)\s*:\s*(\w+)\s*,/g)].map(([, field, type]) => [field, type])
  for (const [field, type] of fields) {
    if (type !== 'u32' && type !== 'f32')
      throw new Error(`${name}: uniform field ${struct}.${field} is ${type}; use u32 or f32`)
  }
  return Object.fromEntries(fields)
}

const entries = [...files.keys()].filter((name) => files.get(name).text.includes('@compute')).sort()
const module = entries.map((name) => {
  const { text, origins, ...facts } = describe(name)
  return (
    `export const ${basename(name, '.wgsl')} = ${JSON.stringify({ ...facts, origins }, null, 2).replace(/\n}$/, ',')}\n` +
    `  "text": ${JSON.stringify(text)}\n} as const\n`
  )
})
const banner = '// Made by scripts/embed-wgsl.mjs from the .wgsl files: change those.\n'
const target = join(source, 'wgsl.generated.ts')
const content = `${banner}${module.join('')}`
let before
try {
  before = readFileSync(target, 'utf8')
} catch {
  before = undefined
}
if (before !== content) writeFileSync(target, content)
