import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeNpy } from '@gradrec/model-files'
import { loadModel } from '@gradrec/model-files/node'
import { describe, expect, it } from 'vitest'
import { gradrec, tinyRun } from './tinyRun.ts'

const CAUSE = ['--method', 'cause', '--loss', 'bce', '--treatment-from', 'sampled']

// Its table has more rows than users and items; every command is to see those of one arm.
describe.each(['mf', 'lgn'])('a run of method cause on %s', (backbone) => {
  it('can be evaluated, recommended from and exported, and has no dials to tune', async () => {
    const folder = await tinyRun(...CAUSE, '--backbone', backbone)
    const model = await loadModel(join(folder, 'model.safetensors'))
    const { users, items } = model.trained.embeddings
    expect([users.rows, items.rows]).toEqual([backbone === 'lgn' ? 120 : 60, 80])

    const evaluated = await gradrec('evaluate', folder, '--against', 'most-popular', '--resamples', '100')
    expect(evaluated).toMatchObject({ exitCode: 0, out: expect.stringContaining('effect size') as string })
    const recommended = await gradrec('recommend', folder, '--user', '7', '--k', '40', '--json', '--quiet')
    const { items: listed } = JSON.parse(recommended.out) as { readonly items: readonly { readonly item: string }[] }
    expect(Math.max(...listed.map(({ item }) => Number(item)))).toBeLessThan(40)
    expect((await gradrec('export', folder, '--format', 'npy', '--quiet')).exitCode).toBe(0)
    for (const side of ['users', 'items'] as const) {
      expect(decodeNpy(side, await readFile(join(folder, 'vectors', `${side}.npy`)))).toEqual(model.vectors[side])
    }
    const tuned = await gradrec('tune', folder)
    expect(tuned).toMatchObject({ exitCode: 1, err: expect.stringContaining('has no dials to tune') as string })
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(`${backbone} cause`)
  })

  it('goes on where it stopped', async () => {
    const folder = await tinyRun(...CAUSE, '--backbone', backbone)
    const resumed = await gradrec('train', '--resume', folder, '--epochs', '3')
    expect(resumed).toMatchObject({ exitCode: 0, err: expect.stringContaining('resuming  after epoch 2') as string })
    expect((await loadModel(join(folder, 'model.safetensors'))).history).toHaveLength(3)
  })
})
