import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadCheckpoint, loadModel } from '@gradrec/model-files/node'
import { describe, expect, it } from 'vitest'
import { gradrec } from './gradrecProcess.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { TINY } from './testContext.ts'

/** Everything a run leaves that is not a matter of time: the model it keeps, which may be of an early epoch, and its last state. */
async function leftIn(folder: string): Promise<object> {
  const { trained, vectors, dials, epoch, history, stopped } = await loadModel(join(folder, 'model.safetensors'))
  const { fit, schedule, best } = await loadCheckpoint(join(folder, 'checkpoint.safetensors'))
  const timeless = history.map((record) => ({ ...record, seconds: 0, triplesPerSecond: 0 }))
  return { trained, vectors, dials, epoch, history: timeless, stopped, fit, schedule, best }
}

interface LoggedEvent {
  readonly type: string
  readonly epoch?: number
}

function eventsIn(folder: string): LoggedEvent[] {
  const path = join(folder, 'events.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LoggedEvent)
}

const lastSaved = (folder: string): number => eventsIn(folder).findLast(({ type }) => type === 'checkpoint')?.epoch ?? 0

/** Moments to be killed at, seen from outside. */
const MOMENTS: readonly (readonly [name: string, hasCome: (folder: string) => boolean])[] = [
  ['before the first epoch', (folder) => existsSync(join(folder, 'config.json'))],
  ['after a checkpoint', (folder) => lastSaved(folder) >= 4],
  [
    'while a checkpoint is written',
    (folder) => lastSaved(folder) >= 8 && readdirSync(folder).some((file) => /^checkpoint.*\.partial$/.test(file)),
  ],
  ['within an epoch', (folder) => lastSaved(folder) >= 12 && eventsIn(folder).at(-1)?.type === 'progress'],
]

/** So many that every moment comes while somebody looks, on a busy machine and on a fast one. */
const EPOCHS = 480

/** Runs a command and kills it, as `kill -9` would, as soon as the moment has come. */
async function killed(argv: readonly string[], hasCome: () => boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const { exitCode, err } = await gradrec(argv, {
    onStart: (pid) => {
      timer = setInterval(() => {
        if (hasCome()) process.kill(pid, 'SIGKILL')
      }, 1)
    },
  })
  clearInterval(timer)
  // A process that came to its end was not killed.
  expect({ exitCode, err }).toEqual({ exitCode: null, err: '' })
}

const MODELS: Readonly<Record<string, string>> = {
  'matrix factorisation with lazy Adam': '--backbone mf --evaluate-every 3 --schedule plateau --rate-patience 0',
  'LightGCN with dropout': '--backbone lgn --dropout 0.2 --evaluate-every 2 --positives user',
}

describe('gradrec train --resume on wasm', () => {
  it.each(Object.entries(MODELS))('gives after kills at any moment what a run without gives: %s', async (_, flags) => {
    const runs = await temporaryFolder()
    const long = ['--epochs', String(EPOCHS), '--patience', '0']
    const argv = ['train', ...TINY, ...flags.split(' '), ...long, '--runs', runs, '--quiet']
    const options = ['--engine', 'wasm', '--threads', '2', '--checkpoint-every', '0']
    expect(await gradrec([...argv, ...options, '--name', 'whole'])).toMatchObject({ exitCode: 0, err: '' })

    const folder = join(runs, 'killed')
    let command = [...argv, ...options, '--name', 'killed']
    for (const [, hasCome] of MOMENTS) {
      await killed(command, () => hasCome(folder))
      command = ['train', '--resume', folder, '--quiet']
    }
    expect(await gradrec(command)).toMatchObject({ exitCode: 0, err: '' })

    expect(await leftIn(folder)).toEqual(await leftIn(join(runs, 'whole')))
    expect(readdirSync(folder).filter((file) => file.endsWith('.partial'))).toEqual([])
    const events = eventsIn(folder)
    const resumed = events.filter(({ type }) => type === 'resume')
    expect(resumed).toHaveLength(MOMENTS.length)
    expect(resumed.at(-1)?.epoch).toBeGreaterThanOrEqual(12)
    // From there, not from the beginning, which would give the same model.
    const sinceThen = events.slice(events.findLastIndex(({ type }) => type === 'resume'))
    const epochs = sinceThen.flatMap(({ type, epoch = 0 }) => (type === 'epoch' ? [epoch] : []))
    expect(epochs).toEqual([...epochs.keys()].map((n) => EPOCHS - epochs.length + 1 + n))
    expect(epochs[0]).toBe((resumed.at(-1)?.epoch ?? 0) + 1)
  })
})

describe('gradrec train --resume on webgpu', () => {
  // One kill and few epochs: here a software driver may compute.
  it('gives after a kill what a run without gives', async () => {
    const runs = await temporaryFolder()
    const flags = ['--epochs', '4', '--patience', '0', '--evaluate-every', '4', '--alpha-item', '0.5', '--quiet']
    const argv = ['train', ...TINY, ...flags, '--runs', runs, '--engine', 'webgpu', '--checkpoint-every', '0']
    const folder = join(runs, 'killed')
    expect(await gradrec([...argv, '--name', 'whole'])).toMatchObject({ exitCode: 0 })
    await killed([...argv, '--name', 'killed'], () => lastSaved(folder) >= 1)
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(false)
    expect(await gradrec(['train', '--resume', folder, '--quiet'])).toMatchObject({ exitCode: 0 })
    expect(await leftIn(folder)).toEqual(await leftIn(join(runs, 'whole')))
    expect(eventsIn(folder).find(({ type }) => type === 'resume')?.epoch).toBeGreaterThanOrEqual(1)
  })
})

describe('gradrec train --resume', () => {
  // Few epochs where a software driver may compute.
  it.each([
    ['wasm', 5],
    ['webgpu', 1],
  ])('makes one run of two halves on %s, and evaluates a finished run again', async (engine, half) => {
    const runs = await temporaryFolder()
    const argv = ['train', ...TINY, '--patience', '0', '--evaluate-every', '2', '--runs', runs, '--engine', engine]
    const dials = ['--alpha-item', '0.5', '--alpha-user', '1', '--quiet']
    const folder = join(runs, 'halves')
    await gradrec([...argv, ...dials, '--epochs', String(2 * half), '--name', 'whole'])
    await gradrec([...argv, ...dials, '--epochs', String(half), '--name', 'halves'])
    const longer = await gradrec(['train', '--resume', folder, '--epochs', String(2 * half)])
    expect(longer.err).toContain(`resuming  after epoch ${half}`)
    expect(await leftIn(folder)).toEqual(await leftIn(join(runs, 'whole')))

    const metrics: unknown = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))
    const again = await gradrec(['train', '--resume', folder])
    expect(again.err).toContain(`finished  the run has all its ${2 * half} epochs (more with --epochs): it is only`)
    expect(again.out).toBe(longer.out)
    expect(await leftIn(folder)).toEqual(await leftIn(join(runs, 'whole')))
    expect(JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))).toEqual(metrics)
  })
})
