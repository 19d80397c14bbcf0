import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { highestVersion, libraryNeeds } from '../../src/bundle/libraryNeeds.ts'

const kernels = fileURLToPath(import.meta.resolve('@gradrec/kernels'))
const webgpu = dirname(createRequire(kernels).resolve('webgpu/package.json'))

test('what Dawn’s bindings for x86-64 Linux need, as `objdump -p` prints it', () => {
  const { libraries, versions } = libraryNeeds(readFileSync(join(webgpu, 'dist/linux-x64/dawn.node')))
  expect(libraries.toSorted()).toEqual([
    'ld-linux-x86-64.so.2',
    'libc.so.6',
    'libgcc_s.so.1',
    'libm.so.6',
    'libstdc++.so.6',
  ])
  expect([highestVersion(versions, 'GLIBC'), highestVersion(versions, 'GLIBCXX')]).toEqual(['2.34', '3.4.30'])
  expect(highestVersion(versions, 'GLIB')).toBeUndefined()
})

test('versions are compared number by number', () => {
  expect(highestVersion(['GLIBC_2.9', 'GLIBC_2.34', 'GLIBC_2.3.4', 'GLIBC_PRIVATE', 'GLIBCXX_3.4'], 'GLIBC')).toBe(
    '2.34',
  )
})

test.each(['', '#!/bin/sh\n', '\x7fELF'])('%j is no ELF file', (text) => {
  expect(() => libraryNeeds(Buffer.from(text.padEnd(text === '' ? 0 : 80, ' ')))).toThrow(/not a 64-bit ELF file/)
})
