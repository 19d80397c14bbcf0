import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Runs a program on the built package (Node 20 does not run TypeScript) and waits for the process to end by itself. */
async function ends(program: string): Promise<{ code: number | null; output: string }> {
  const built = JSON.stringify(new URL('../dist/index.js', import.meta.url).href)
  const prelude = `
    import { openWasmEngine } from ${built}
    const rowPointer = Uint32Array.from({ length: 2001 }, (_, r) => 5 * r)
    const columns = Uint32Array.from({ length: 10000 }, (_, n) => 40 * (n % 5) + (n % 40))
    const spec = {
      dimension: 64,
      interactions: { rows: 2000, columnCount: 300, rowPointer, columns },
      backbone: { kind: 'lgn', layers: 3 },
      objective: { kind: 'bpr', l2: 0 },
      sampler: { positives: 'interaction', negatives: 1 },
      optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0 },
      batch: 1000,
      seed: 1,
      initialTable: new Float32Array(2300 * 64).fill(0.1),
    }
    const engine = await openWasmEngine({ threads: 2 })
    const fit = await engine.fit(spec)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', prelude + program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: 60_000,
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  return { code, output }
}

test.each([
  ['without closing anything', 'console.log((await fit.steps(3)).steps)'],
  ['after closing the run', 'console.log((await fit.steps(3)).steps); fit.close()'],
  ['after closing the engine', 'console.log((await fit.steps(3)).steps); await engine.close()'],
  [
    'by process.exit in the middle of steps',
    'void fit.steps(1e6); setTimeout(() => { console.log(3); process.exit() }, 200)',
  ],
  [
    'after closing the engine in the middle of steps',
    `
    const stepping = fit.steps(1e6).catch((error) => console.log(error.code === 'E_DEVICE_LOST' ? 3 : error))
    setTimeout(() => engine.close(), 200)
    await stepping
  `,
  ],
])('a process ends %s', async (_, program) => {
  expect(await ends(program)).toEqual({ code: 0, output: '3\n' })
})
