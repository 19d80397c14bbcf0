import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withDials, type Model } from '@gradrec/core'
import { decodeNpy, idsOfTensors, matrixOfTensor } from '@gradrec/model-files'
import { loadModel, readSafetensors } from '@gradrec/model-files/node'
import { describe, expect, it } from 'vitest'
import { exportedFiles } from '../src/run/exportedVectors.ts'
import { gradrec, tinyRun } from './tinyRun.ts'

const modelIn = (folder: string): Promise<Model> => loadModel(join(folder, 'model.safetensors'))

describe('gradrec export', () => {
  it('writes NumPy arrays at the model’s dials, with an id a line for each row', async () => {
    const folder = await tinyRun('--alpha-item', '0.7', '--alpha-user', '0.2')
    const { exitCode, out, err } = await gradrec('export', folder, '--format', 'npy')
    expect(exitCode).toBe(0)
    expect(err).toContain('dials     αItem 0.7, αUser 0.2')
    expect(err).toContain('score = inner product')
    const vectors = join(folder, 'vectors')
    expect((await readdir(vectors)).toSorted()).toEqual(['items.npy', 'items.txt', 'users.npy', 'users.txt'])
    expect(out).toContain(join(vectors, 'users.npy'))
    const model = await modelIn(folder)
    for (const side of ['users', 'items'] as const) {
      expect(decodeNpy(side, await readFile(join(vectors, `${side}.npy`)))).toEqual(model.vectors[side])
      const ids = (await readFile(join(vectors, `${side}.txt`), 'utf8')).trimEnd().split('\n')
      expect(ids).toEqual(Array.from({ length: model[side].size }, (_, row) => model[side].idOf(row)))
    }
  })

  it('writes one safetensors file with the ids, at other dials if asked', async () => {
    const folder = await tinyRun()
    const out = join(folder, 'new', 'folder')
    const said = ['--alpha-item', '1.5', '--alpha-user', '0', '--format', 'safetensors', '--out', out]
    const { exitCode, out: text } = await gradrec('export', folder, ...said, '--json')
    expect(exitCode).toBe(0)
    const path = join(out, 'vectors.safetensors')
    const { size } = await stat(path)
    expect(JSON.parse(text)).toMatchObject({
      files: [{ path, bytes: size }],
      dials: { alphaItem: 1.5, alphaUser: 0 },
      dimension: 8,
      score: 'inner product',
    })
    const { tensors, metadata } = await readSafetensors(path)
    const model = await modelIn(folder)
    const { vectors } = withDials(model, { alphaItem: 1.5 })
    expect(matrixOfTensor('', tensors, 'items')).toEqual(vectors.items)
    expect(matrixOfTensor('', tensors, 'items')).not.toEqual(model.trained.embeddings.items)
    expect(idsOfTensors('', tensors, 'users').idOf(59)).toBe(model.users.idOf(59))
    // Nothing in it knows how it was made.
    expect([...metadata.values()].join(' ')).not.toMatch(/alpha|gradient|mf/)
  })

  it('writes Parquet unless told otherwise, and nothing over what is there', async () => {
    const folder = await tinyRun()
    expect((await gradrec('export', folder)).exitCode).toBe(0)
    const path = join(folder, 'vectors', 'users.parquet')
    const before = await readFile(path)
    expect(before.toString('latin1', 0, 4)).toBe('PAR1')
    const again = await gradrec('export', folder, '--alpha-item', '2', '--quiet')
    expect(again.exitCode).toBe(1)
    expect(again.err).toMatch(
      /^error \[E_WRITE\]: .*users\.parquet, .*items\.parquet would be written over; use --force/,
    )
    expect(await readFile(path)).toEqual(before)
    expect((await gradrec('export', folder, '--alpha-item', '2', '--alpha-user', '0.3', '--force')).exitCode).toBe(0)
    expect(await readFile(path)).not.toEqual(before)
  })

  it('refuses formats there are not, and folders that are files', async () => {
    const folder = await tinyRun()
    const format = await gradrec('export', folder, '--format', 'csv')
    expect(format.err).toBe('error [E_USAGE]: --format is "csv"; expected one of parquet, safetensors, npy\n')
    const file = await gradrec('export', folder, '--out', join(folder, 'config.json'), '--quiet')
    expect(file).toMatchObject({ exitCode: 1, err: expect.stringMatching(/^error \[E_WRITE\]: the folder/) as string })
  })
})

it('keeps an id with a line break on its line', async () => {
  const model = await modelIn(await tinyRun())
  const ids = { ...model.users, size: 2, idOf: (row: number) => (row === 0 ? 'a\nb' : 'c') }
  const text = exportedFiles({ ...model, users: { ...ids, indexOf: () => undefined } }, 'npy')[2]
  expect(text?.name).toBe('users.txt')
  expect(new TextDecoder().decode(text?.content() as Uint8Array)).toBe('a\\nb\nc\n')
})
