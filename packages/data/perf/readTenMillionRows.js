// Reads a CSV of ten million rows, as text and gzipped, each in a process of its own, and prints seconds and peak memory.
// Usage, after `pnpm build`: node packages/data/perf/readTenMillionRows.js [rows]
import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { datasetFromInteractions } from '@gradrec/data'
import { readFile } from '@gradrec/data/node'

const [first = '10000000', second] = process.argv.slice(2)
if (second !== undefined && existsSync(first)) await measure(first, second)
else await compare(Number(first))

async function compare(rows) {
  const folder = mkdtempSync(join(tmpdir(), 'gradrec-perf-'))
  try {
    for (const [name, id] of [
      ['numbers', (user) => String(user)],
      ['texts', (user) => `user-${(user * 2654435761) % 4294967296}`],
    ]) {
      const path = join(folder, `${name}.csv`)
      await write(path, rows, id)
      await pipeline(createReadStream(path), createGzip({ level: 1 }), createWriteStream(`${path}.gz`))
      for (const [file, goal] of [
        [path, 'read'],
        [`${path}.gz`, 'read'],
        [path, 'dataset'],
      ]) {
        process.stdout.write(execFileSync(process.execPath, [import.meta.filename, file, goal]))
      }
      rmSync(path)
      rmSync(`${path}.gz`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(path, goal) {
  const begin = performance.now()
  const interactions = await readFile(path)
  const counts = `${interactions.user.length} rows, ${interactions.users.size} users, ${interactions.items.size} items`
  if (goal === 'dataset') await datasetFromInteractions(interactions, { name: 'perf', minimumRating: 3 })
  const seconds = (performance.now() - begin) / 1000
  const mebibytes = process.resourceUsage().maxRSS / 1024
  process.stdout.write(
    `${path.replace(/.*\//, '')} ${goal}: ${counts}, ${seconds.toFixed(2)} s, peak ${mebibytes.toFixed(0)} MiB\n`,
  )
}

async function write(path, rows, idOf) {
  const file = createWriteStream(path)
  file.write('userId,movieId,rating,timestamp\n')
  await pipeline(Readable.from(blocks(rows, idOf)), file, { end: false })
  file.end()
  await once(file, 'close')
}

function* blocks(rows, idOf) {
  let state = 1
  const next = (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * bound)
  }
  for (let row = 0; row < rows;) {
    let text = ''
    for (const end = Math.min(rows, row + 10_000); row < end; row++) {
      text += `${idOf(next(200_000))},${next(60_000)},${(1 + next(10)) / 2},${1_000_000_000 + next(500_000_000)}\n`
    }
    yield text
  }
}
