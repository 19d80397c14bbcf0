import { fileURLToPath } from 'node:url'
import { runInBrowser } from '@gradrec/headless-browser'
import { openWasmEngine } from '@gradrec/kernels-wasm'
import { openOracleEngine } from '@gradrec/oracle'
import { expectClose } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { trainAll, type Trained } from './browser/trainOnEveryEngine.ts'

const page = fileURLToPath(new URL('browser/trainOnEveryEngine.ts', import.meta.url))

test.each([
  [true, 'the CPU by WebAssembly SIMD, 2 threads'],
  [false, 'the CPU by WebAssembly SIMD, 1 thread: the caller’s own, without shared memory'],
])(
  'a browser tab trains and ranks on both engines as Node does; cross-origin isolated: %s',
  async (isolated, reason) => {
    const found = (await runInBrowser(page, { isolated })) as Trained[]
    expect(found.map(({ engine, run }) => `${engine} ${run}`)).toEqual([
      'wasm mf',
      'wasm lgn',
      'webgpu mf',
      'webgpu lgn',
    ])
    expect(found[0]?.reason.replace("'", '’')).toBe(reason)

    const wasmInNode = await trainAll(await openWasmEngine({ threads: 1 }))
    const oracle = await trainAll(openOracleEngine())
    for (const [index, trained] of found.entries()) {
      // WebAssembly: the same bits everywhere. WebGPU: what the driver leaves open stays within the stated tolerance.
      const inNode = wasmInNode[index % 2]
      if (trained.engine === 'wasm') expect({ ...trained, reason: '' }).toEqual({ ...inNode, reason: '' })
      expectClose(trained.table, oracle[index % 2]?.table ?? [], { absolute: 2e-5, relative: 1e-4 })
    }
  },
)
