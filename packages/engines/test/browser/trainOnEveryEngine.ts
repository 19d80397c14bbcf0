import { openWebGpuEngine } from '@gradrec/kernels'
import { openWasmEngine } from '@gradrec/kernels-wasm'
import type { Engine } from '@gradrec/engine'
import { smallRuns } from './smallRuns.ts'

export interface Trained {
  readonly engine: string
  readonly run: string
  readonly reason: string
  readonly table: readonly number[]
  readonly topItems: readonly number[]
}

/** Trains and ranks in the page on WebAssembly, with two threads where memory can be shared, and on WebGPU. */
export default async function trainOnEveryEngine(): Promise<Trained[]> {
  const wasm = await openWasmEngine(self.crossOriginIsolated ? { threads: 2 } : {})
  return [...(await trainAll(wasm)), ...(await trainAll(await openWebGpuEngine()))]
}

/** Trains and ranks every small run on one engine, and closes it. */
export async function trainAll(engine: Engine): Promise<Trained[]> {
  const trained: Trained[] = []
  for (const [run, spec] of smallRuns()) {
    const fit = await engine.fit(spec)
    await fit.steps(2 * fit.stepsPerEpoch)
    const { table } = await fit.read()
    const { users, items } = await fit.embeddings()
    const ranking = await engine.rank(users, items, { k: 5, exclude: spec.interactions })
    trained.push({
      engine: engine.name,
      run,
      reason: engine.device.reason,
      table: [...table],
      topItems: [...ranking.items],
    })
    fit.close()
  }
  await engine.close()
  return trained
}
