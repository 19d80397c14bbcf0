import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import { RunLock } from '../src/run/runLock.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { testContext, TINY } from './testContext.ts'
import { gradrec, tinyRun } from './tinyRun.ts'

/** The number of a process that was and is no more. */
const gone = (): number => spawnSync(process.execPath, ['--version']).pid

describe('a run that is alive', () => {
  it('is not resumed by another process, and is left as it is', async () => {
    const folder = await tinyRun()
    const lock = join(folder, 'run.pid')
    // The parent of the tests is alive as long as they are.
    await writeFile(lock, `${process.ppid}\n`)
    const before = await readFile(join(folder, 'events.jsonl'))
    const { exitCode, err } = await gradrec('train', '--resume', folder, '--epochs', '3')
    expect({
      exitCode,
      err: err.replaceAll(folder, '<run>').replace(String(process.ppid), '<pid>'),
    }).toMatchInlineSnapshot(`
      {
        "err": "error [E_WRITE]: the run is still alive, as process <pid>: wait for it, or stop it with Ctrl-C; if that is another program by now, remove <run>/run.pid
      ",
        "exitCode": 1,
      }
    `)
    expect(await readFile(join(folder, 'events.jsonl'))).toEqual(before)
    expect(existsSync(lock)).toBe(true)
  })

  it('has its process’s number in its folder, until it is over', async () => {
    const runs = await temporaryFolder()
    const lock = join(runs, 'x', 'run.pid')
    const seen: Promise<string>[] = []
    const context = testContext({ onText: (text) => text.startsWith('training') && seen.push(readFile(lock, 'utf8')) })
    expect(await run(['train', ...TINY, '--runs', runs, '--name', 'x'], context)).toBe(0)
    expect(await Promise.all(seen)).toEqual([`${process.pid}\n`])
    expect(existsSync(lock)).toBe(false)
  })

  it('gives its folder free when it fails', async () => {
    const folder = await tinyRun()
    const lock = join(folder, 'run.pid')
    expect((await gradrec('train', '--resume', folder, '--epochs', '1')).err).toContain(
      'error [E_USAGE]: --epochs is 1',
    )
    expect(existsSync(lock)).toBe(false)
    const config = join(folder, 'config.json')
    await writeFile(config, (await readFile(config, 'utf8')).replace('"seed": 1,', '"seed": 2,'))
    expect((await gradrec('train', '--resume', folder)).err).toContain('error [E_CHECKPOINT]')
    expect(existsSync(lock)).toBe(false)
  })
})

it.each([
  ['of a process that was killed', () => `${gone()}\n`],
  ['that says nothing', () => ''],
  ['of this process', () => `${process.pid}\n`],
])('a lock %s is taken over', async (_, content) => {
  const path = join(await temporaryFolder(), 'run.pid')
  await writeFile(path, content())
  const lock = await RunLock.take(path)
  expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n`)
  await lock.release()
  expect(existsSync(path)).toBe(false)
})
