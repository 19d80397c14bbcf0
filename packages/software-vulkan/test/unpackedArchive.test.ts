import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { unpackedArchive, withLibraryFolder } from '../src/index.ts'

afterEach(() => vi.unstubAllEnvs())

test('archives are unpacked whole, once, also when asked for twice at the same time', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'gradrec-unpack-'))
  vi.stubEnv('XDG_CACHE_HOME', cache)
  const folders = await Promise.all([unpackedArchive('swiftshader'), unpackedArchive('swiftshader')])
  expect(folders[0]).toBe(folders[1])
  expect(existsSync(join(folders[0], 'libvk_swiftshader.so'))).toBe(true)
  expect(existsSync(join(folders[0], 'vk_swiftshader_icd.json'))).toBe(true)
  expect(await readdir(join(cache, 'gradrec'))).toHaveLength(1)
  await rm(cache, { recursive: true })
})

test('a cache folder that cannot be written leaves the temporary folder', async () => {
  // A file where a folder is expected: root may write into folders that others may not.
  vi.stubEnv('XDG_CACHE_HOME', fileURLToPath(import.meta.url))
  expect(await unpackedArchive('swiftshader')).toContain(tmpdir())
})

test('a library folder goes before those that are there', () => {
  vi.stubEnv('LD_LIBRARY_PATH', '')
  expect(withLibraryFolder('/a')).toBe('/a')
  vi.stubEnv('LD_LIBRARY_PATH', '/b')
  expect(withLibraryFolder('/a')).toBe('/a:/b')
})
