import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'
import { ModelFileError } from '../../src/index.ts'
import { writeFileAtomically } from '../../src/node/index.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { versionChunks, versionOf } from './versionChunks.ts'

it('writes a file, and replaces one', async () => {
  const path = join(await temporaryFolder(), 'a.bin')
  await writeFileAtomically(path, Uint8Array.of(1, 2, 3))
  expect([...(await readFile(path))]).toEqual([1, 2, 3])
  await writeFileAtomically(path, [Uint8Array.of(4), new Uint8Array(), Uint8Array.of(5)])
  expect([...(await readFile(path))]).toEqual([4, 5])
  await writeFileAtomically(path, new Uint8Array())
  expect(await readFile(path)).toHaveLength(0)
})

it('leaves the old file and nothing else when the content fails', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.bin')
  await writeFile(path, 'old')
  function* failing(): Iterable<Uint8Array> {
    yield Uint8Array.of(1)
    throw new RangeError('no more')
  }
  await expect(writeFileAtomically(path, failing())).rejects.toThrow(new RangeError('no more'))
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['a.bin'])
})

it('lets writers of the same file work side by side', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.bin')
  await Promise.all([3, 4, 5].map((version) => writeFileAtomically(path, versionChunks(version))))
  expect([3, 4, 5]).toContain(versionOf(await readFile(path)))
  expect(await readdir(folder)).toEqual(['a.bin'])
})

it('names the path of a file that cannot be written', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'none', 'a.bin')
  await expect(writeFileAtomically(path, Uint8Array.of(1))).rejects.toThrow(`${path}: there is no such folder`)
  await expect(writeFileAtomically(path, Uint8Array.of(1))).rejects.toBeInstanceOf(ModelFileError)
  // A folder cannot be replaced by a file.
  await expect(writeFileAtomically(folder, Uint8Array.of(1))).rejects.toThrow(`${folder}: this is a folder`)
})

it('is one whole version after any kill', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.bin')
  const program = await bundled('keepWriting.ts', folder)
  await writeFileAtomically(path, versionChunks(0))
  let version = 0
  /** Lets a writer reach the middle of its `middles`-th write, kills it `delay` milliseconds later and looks at the file. */
  const kill = async (middles: number, delay: number, ...options: string[]): Promise<void> => {
    const writer = spawn(process.execPath, [program, path, String(version + 1), ...options])
    await new Promise<void>((resolve, reject) => {
      let said = ''
      writer.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.split('\n').length > middles) resolve()
      })
      writer.once('exit', (code) => reject(new Error(`the writer ended by itself with ${code}`)))
    })
    writer.removeAllListeners('exit')
    await setTimeout(delay)
    writer.kill('SIGKILL')
    const [, signal] = (await once(writer, 'exit')) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
    const survivor = versionOf(await readFile(path))
    // In the middle of its n-th write a writer has finished n - 1.
    expect(survivor).toBeGreaterThanOrEqual(version + middles - 1)
    version = survivor ?? version
  }

  // This one does not go on from the middle of its first write.
  await kill(1, 0, 'wait')
  expect(version).toBe(0)
  expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toHaveLength(1)
  for (const middles of [1, 2, 3]) for (const delay of [0, 4, 16]) await kill(middles, delay)
})

/** A module of this folder and what it imports, as one program that Node runs. */
async function bundled(module: string, folder: string): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, module),
    platform: 'node',
    resolve: { conditionNames: ['@gradrec/source', 'import', 'node', 'default'] },
  })
  const file = join(folder, 'program.mjs')
  await bundle.write({ file, format: 'esm' })
  await bundle.close()
  return file
}
