import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startScript, startShell } from '../../src/bundle/startScripts.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

interface World {
  readonly system?: string
  readonly glibc?: string
  /** The shell script that stands for Node; `undefined` for none. */
  readonly node?: string | undefined
}

/** Runs `./bench` of a bundle that is nothing but its start scripts, on a machine that has only what they may rely on. */
function bench(args: readonly string[], world: World): { exitCode: number | null; stdout: string; stderr: string } {
  const { system = 'Linux x86_64', glibc = 'glibc 2.39', node = 'printf "%s;" "$@"' } = world
  const root = mkdtempSync(join(tmpdir(), 'gradrec a bundle-'))
  folders.push(root)
  const bin = join(root, 'bin')
  for (const folder of [bin, join(root, 'lib')]) mkdirSync(folder)
  const program = (path: string, text: string): void => writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const [name, processor] = system.split(' ')
  program(join(bin, 'uname'), `case $1 in -s) echo ${name};; -m) echo ${processor};; esac`)
  program(join(bin, 'getconf'), glibc === '' ? 'exit 1' : `echo ${glibc}`)
  symlinkSync('/bin/sh', join(bin, 'sh'))
  symlinkSync('/usr/bin/dirname', join(bin, 'dirname'))
  if ('node' in world ? world.node !== undefined : true) program(join(root, 'lib', 'node'), node)
  writeFileSync(join(root, 'lib', 'start.sh'), startShell('2.34'))
  writeFileSync(join(root, 'bench'), startScript('bench'), { mode: 0o755 })
  const { status, stdout, stderr } = spawnSync(join(root, 'bench'), args, { encoding: 'utf8', env: { PATH: bin } })
  return { exitCode: status, stdout: stdout.replaceAll(root, ''), stderr: stderr.replaceAll(root, '') }
}

test('the bundle’s Node is given the program and every argument as it is', () => {
  const { exitCode, stdout, stderr } = bench(['--out', 'a folder', '*', ''], {})
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: '/lib/code/start.mjs;bench;--out;a folder;*;;',
    stderr: '',
  })
})

test('the exit code is that of the program', () => {
  expect(bench([], { node: '[ "$1" = --version ] || exit 3' }).exitCode).toBe(3)
})

test.each(['glibc 2.34', 'glibc 2.34.9000', 'glibc 2.101', 'glibc 3.1', '', 'something else'])(
  'starts with %j as libc',
  (glibc) => {
    expect(bench([], { glibc }).exitCode).toBe(0)
  },
)

test.each<readonly [World, RegExp]>([
  [{ glibc: 'glibc 2.31' }, /^error: glibc here is 2\.31, and 2\.34 or newer is needed: Ubuntu 22\.04, Debian 12/],
  [{ glibc: 'glibc 2.9' }, /^error: glibc here is 2\.9,/],
  [{ system: 'Linux aarch64' }, /^error: this bundle is for x86-64 Linux, and this is Linux on aarch64\n$/],
  [{ system: 'Darwin x86_64' }, /^error: this bundle is for x86-64 Linux, and this is Darwin on x86_64\n$/],
  [{ node: undefined }, /^error: \/lib\/node is missing: unpack the whole archive\n$/],
  [
    { node: 'echo libstdc++.so.6: cannot open >&2; exit 127' },
    /^error: .+does not start here.+libstdc\+\+\.so\.6: cannot open\n$/,
  ],
])('%j is one sentence and exit code 1', (world, sentence) => {
  const { exitCode, stdout, stderr } = bench([], world)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(sentence)
})
