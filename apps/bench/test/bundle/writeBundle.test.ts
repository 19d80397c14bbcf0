import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { softwareVulkanEnvironment } from '@gradrec/software-vulkan'
import { afterAll, describe, expect, test } from 'vitest'
import { packBundle, writeBundle } from '../../src/bundle/writeBundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'gradrec-bundle-'))
const root = join(folder, 'gradrec-bench')
const { VK_ICD_FILENAMES } = await softwareVulkanEnvironment()

afterAll(() => rmSync(folder, { recursive: true }))

const written = await writeBundle(root, {
  // A link instead of a copy: the real one is 90 MB.
  placeNode: async (target) => {
    symlinkSync(process.execPath, target)
    return { from: 'a test' }
  },
  now: new Date(0),
})

/** Runs a script of the bundle on a machine that has a Vulkan driver on the CPU, and none of this process's environment. */
function run(script: string, args: readonly string[] = [], environment: Record<string, string> = { VK_ICD_FILENAMES }) {
  const env = { PATH: '/usr/bin:/bin', ...environment }
  const { status, stdout, stderr } = spawnSync(join(root, script), args, { encoding: 'utf8', env })
  return { exitCode: status, stdout, stderr }
}

describe('a bundle', () => {
  test('has scripts, Node, loader, bindings for one platform, the code, and a file that says what it is', () => {
    expect(readdirSync(root).toSorted()).toEqual(
      ['LICENSE', 'README.txt', 'bench', 'bundle.json', 'doctor', 'lib', 'results', 'test'].toSorted(),
    )
    expect(readdirSync(join(root, 'lib')).toSorted()).toEqual(['code', 'node', 'start.sh', 'vulkan'])
    expect(readdirSync(join(root, 'lib/code/node_modules/webgpu/dist'))).toEqual(['linux-x64'])
    expect(written.glibc).toBe('2.34')
    expect(written.tests).toContain('engineDefaultTuning')
    const about = JSON.parse(readFileSync(join(root, 'bundle.json'), 'utf8')) as Record<string, unknown>
    expect(about).toMatchObject({
      bundledAt: '1970-01-01T00:00:00.000Z',
      glibc: '2.34',
      glibcxx: '3.4.30',
      webgpu: '0.6.2',
    })
    expect(readFileSync(join(root, 'README.txt'), 'utf8')).toContain(`commit ${String(about['commit'])}`)
  })

  test('has every test file of the kernels', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../../packages/kernels/test'))
    for (const name of files.filter((file) => file.endsWith('.test.ts'))) {
      expect(written.tests).toContain(name.replace('.test.ts', ''))
    }
  })

  test('refuses a machine without a GPU, and one whose only driver runs on the CPU, with one sentence', () => {
    for (const script of ['bench', 'test']) {
      const { exitCode, stdout, stderr } = run(script, [], { VK_DRIVER_FILES: '/nowhere.json' })
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toMatch(/^error: the GPU was not found.+no adapter at all: unset them.+\n$/)
    }
    const { exitCode, stderr } = run('test')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error: the GPU was not found.+only .*SwiftShader/i)
    expect(readdirSync(join(root, 'results'))).toEqual([])
  })

  test('runs tests on an adapter that was asked for by name, says so, and keeps what it found', () => {
    const { exitCode, stdout, stderr } = run('test', ['--adapter', 'swiftshader', 'dropout', 'shader'])
    expect(stderr).toMatch(/WARNING: --adapter swiftshader was given, so nothing makes sure that this is an NVIDIA GPU/)
    expect(stdout).toMatch(/dropout +4 passed.+\nshader +2 passed.+\n\n6 passed, 0 failed in 2 files/)
    expect(exitCode).toBe(0)
    const result = (name: string): unknown => JSON.parse(readFileSync(join(root, 'results', name), 'utf8'))
    expect(result('tests.json')).toMatchObject({ passed: 6, failed: 0, adapter: 'swiftshader' })
    expect(result('test-machine.json')).toMatchObject({ isNvidiaGpuAsserted: false, adapter: { kind: 'software' } })
  })

  test('reports tests that fail, files that cannot be read, and processes that die', () => {
    const file = (name: string): string => join(root, 'lib/code/tests', `${name}.mjs`)
    const wrong = readFileSync(file('shader'), 'utf8').replace('"kernels/a.wgsl:7"', '"kernels/a.wgsl:8"')
    writeFileSync(file('zz-wrong'), wrong)
    writeFileSync(file('zz-unreadable'), 'import "./not-there.mjs"')
    writeFileSync(file('zz-dying'), wrong.replace(/test\("lines.+?\{/, '$& process.kill(process.pid, "SIGSEGV")\n'))
    const { exitCode, stdout } = run('test', ['--any-adapter', 'zz-', 'shader'])
    expect(stdout).toMatch(/shader +2 passed {2}/)
    expect(stdout).toMatch(/zz-wrong +1 passed, 1 FAILED.+\n {2}✗ lines are traced.+\n.+a\.wgsl:8/s)
    expect(stdout).toMatch(/zz-unreadable +0 passed, 1 FAILED.+\n.+not-there\.mjs/s)
    expect(stdout).toMatch(
      /zz-dying +0 passed, 1 FAILED.+\n {2}✗ lines are traced.+\n +the process ended with signal SIGSEGV/s,
    )
    expect(stdout).toMatch(/\n3 passed, 3 failed in 4 files/)
    expect(exitCode).toBe(1)
  })

  test('explains itself: the doctor, and --help of both programs, which need no GPU', () => {
    const { exitCode, stdout } = run('doctor', ['--adapter', 'swiftshader'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/NVIDIA’s Vulkan libraries.+tried: .+found SwiftShader|found .*swiftshader/is)
    const nothing = { VK_DRIVER_FILES: '/nowhere.json' }
    expect(run('doctor', [], nothing)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('found no adapter'),
    })
    expect(run('test', ['--help'], nothing)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('./test [') })
    expect(run('bench', ['--help'], nothing)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('PARTS') })
  })

  test('is packed under its own name without results, and never written over other things', async () => {
    const { path, bytes } = await packBundle(root)
    expect(bytes).toBeLessThan(20e6)
    const listed = spawnSync('tar', ['-tzf', path], { encoding: 'utf8' }).stdout.split('\n')
    expect(listed).toContain('gradrec-bench/bench')
    expect(listed.filter((name) => name !== '' && !/^gradrec-bench(\/|$)/.test(name))).toEqual([])
    expect(listed.filter((name) => name.includes('results'))).toEqual([])
    const other = join(folder, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'thesis.txt'), '')
    const placeNode = async (): Promise<never> => Promise.reject(new Error('is not reached'))
    await expect(writeBundle(other, { placeNode, now: new Date(0) })).rejects.toThrow(/other than a bundle/)
    expect(existsSync(join(other, 'thesis.txt'))).toBe(true)
  })
})
