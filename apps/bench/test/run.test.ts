import { describe, expect, it } from 'vitest'
import { thisMachine, type Context } from '@gradrec/cli'
import { run } from '../src/run.ts'

async function called(
  ...argv: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const context: Context = {
    stdout: { write: (text) => void (out += text) },
    stderr: { write: (text) => void (err += text) },
    environment: {},
    machine: thisMachine,
    now: () => new Date(0),
    onInterrupt: () => () => {},
    quit: () => {},
  }
  return { code: await run(argv, context), out, err }
}

describe('pnpm bench', () => {
  it('lists its parts', async () => {
    const { code, out } = await called('--help')
    expect(code).toBe(0)
    expect(out).toContain('table4')
  })

  it.each([
    [['tabel4'], '"tabel4" is not a part of the benchmark'],
    [['table4', '--fast'], '--fast is not a flag of pnpm bench'],
    [['table4', '--engine', 'cuda'], '--engine is "cuda"; expected auto, webgpu or wasm'],
    [['table4', '--threads', 'two'], '--threads is "two"; expected a whole number'],
    [
      ['table4', '--engine', 'wasm', '--datasets', 'ml10m,adressa'],
      '--datasets names "adressa"; expected one or more of',
    ],
  ])('refuses %j in one sentence', async (argv, message) => {
    const { code, err } = await called(...argv)
    expect(err).toContain(`error [E_USAGE]: ${message}`)
    expect(err.split('\n').filter((line) => line.startsWith('error'))).toHaveLength(1)
    expect(code).toBe(2)
  })
})
