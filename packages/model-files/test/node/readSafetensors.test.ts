import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { encodeSafetensors, ModelFileError, safetensorsChunks, type Safetensors } from '../../src/index.ts'
import { readSafetensors, writeFileAtomically } from '../../src/node/index.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const content: Safetensors = {
  tensors: new Map([
    ['users', { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
    ['steps', { shape: [], values: Float64Array.of(2 ** 40) }],
    ['flags', { shape: [3], values: Uint8Array.of(1, 0, 1) }],
    ['empty', { shape: [0, 5], values: new Int32Array() }],
  ]),
  metadata: new Map([['format', 'gradrec']]),
}

it('reads what was written in pieces', async () => {
  const path = join(await temporaryFolder(), 'model.safetensors')
  await writeFileAtomically(path, safetensorsChunks(path, content))
  const { tensors, metadata } = await readSafetensors(path)
  expect(Object.fromEntries(tensors)).toEqual(Object.fromEntries(content.tensors))
  expect(metadata).toEqual(content.metadata)
})

it('reads a tensor that is larger than what is asked for at once', async () => {
  const path = join(await temporaryFolder(), 'large.safetensors')
  const length = 2 ** 27 + 4096
  const entry = `{"hole":{"dtype":"U8","shape":[${length}],"data_offsets":[0,${length}]},`
  const header = `${entry}"last":{"dtype":"F32","shape":[1],"data_offsets":[${length},${length + 4}]}}`
  const head = Buffer.alloc(8 + header.length)
  head.writeBigUInt64LE(BigInt(header.length))
  head.write(header, 8)
  // Only the ends are written; what lies between takes no room on the disk.
  const file = await open(path, 'w')
  await file.write(head, 0, head.length, 0)
  await file.write(Uint8Array.of(9), 0, 1, head.length + length - 1)
  await file.write(new Uint8Array(Float32Array.of(1.5).buffer), 0, 4, head.length + length)
  await file.close()
  const { tensors } = await readSafetensors(path)
  expect(tensors.get('last')?.values).toEqual(Float32Array.of(1.5))
  expect(tensors.get('hole')?.values.length).toBe(length)
  expect(tensors.get('hole')?.values[length - 1]).toBe(9)
})

it('names the path of a file that cannot be read', async () => {
  const folder = await temporaryFolder()
  const missing = join(folder, 'none.safetensors')
  await expect(readSafetensors(missing)).rejects.toThrow(`${missing}: there is no such file`)
  await expect(readSafetensors(folder)).rejects.toThrow(`${folder}: this is a folder`)
  await expect(readSafetensors(missing)).rejects.toBeInstanceOf(ModelFileError)
  const damaged = join(folder, 'damaged.safetensors')
  const bytes = encodeSafetensors(damaged, content)
  for (const length of [0, 7, 20, bytes.length - 1]) {
    await writeFile(damaged, bytes.subarray(0, length))
    await expect(readSafetensors(damaged)).rejects.toThrow(ModelFileError)
    await expect(readSafetensors(damaged)).rejects.toThrow(`${damaged}: `)
  }
})
