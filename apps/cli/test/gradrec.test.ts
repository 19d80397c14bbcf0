import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gradrec } from './gradrecProcess.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { TINY } from './testContext.ts'

describe('the command gradrec', () => {
  it.each(['webgpu', 'wasm'])('trains on %s, prints one JSON document and writes the run', async (engine) => {
    const runs = await temporaryFolder()
    const argv = ['train', ...TINY, '--engine', engine, '--runs', runs, '--name', 'x', '--json']
    const { exitCode, out, err } = await gradrec(argv)
    expect(err).not.toContain('error')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      engine,
      stopped: 'epochs',
      results: { parts: [{ part: 'test' }, {}] },
    })
    expect(await readdir(join(runs, 'x'))).toHaveLength(6)
  })

  // Only there does the software driver exist; a machine with a GPU has no need to start again.
  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'starts itself again where only a software driver will do, and hands signals on',
    async () => {
      const runs = await temporaryFolder()
      let interrupted = false
      const argv = ['train', ...TINY, '--epochs', '100000', '--patience', '0', '--adapter', 'software']
      const { exitCode, err } = await gradrec([...argv, '--runs', runs, '--name', 'x'], {
        bare: true,
        onErr: (text, pid) => {
          if (interrupted || !/^training /m.test(text)) return
          interrupted = process.kill(pid, 'SIGINT')
        },
      })
      expect(err).toContain('stopping: the best model so far is evaluated and written')
      expect(exitCode).toBe(130)
      expect(await readdir(join(runs, 'x'))).toContain('model.safetensors')
    },
  )

  it('fails in one line, without a stack trace', async () => {
    const { exitCode, out, err } = await gradrec(['train', '--dimension', '6'])
    expect({ exitCode, out, err }).toMatchInlineSnapshot(`
      {
        "err": "error [E_USAGE]: --dimension is 6; expected a multiple of 4 from 4 to 512 (the nearest is 8)
      ",
        "exitCode": 2,
        "out": "",
      }
    `)
  })

  it('knows a doctor', async () => {
    const { exitCode, out } = await gradrec(['doctor', '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ usable: true, versions: { webgpu: '0.6.2' } })
  })
})
