import { writeFileAtomically } from '../../src/node/index.ts'
import { versionChunks } from './versionChunks.ts'

/**
 * Writes version after version of a large file, starting with number `first`, until it is killed. Says `middle` in the middle of each
 * write; with `wait`, it never goes on from there.
 */
const [path = '', first = '0', wait] = process.argv.slice(2)

for (let version = Number(first); ; version++) await writeFileAtomically(path, announced(versionChunks(version)))

async function* announced(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const [n, chunk] of chunks.entries()) {
    yield chunk
    if (n !== chunks.length >> 1) continue
    process.stdout.write('middle\n')
    if (wait === 'wait') await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1))
  }
}
