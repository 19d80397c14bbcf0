import { methodConfig, recommend, withDials } from '@gradrec/core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '@gradrec/core'
import {
  decodeModel,
  decodeSafetensors,
  encodeModel,
  encodeSafetensors,
  ModelFileError,
  type Safetensors,
  type Tensor,
} from '../src/index.ts'
import { engine, tinyConfig, trainedRun } from './trainedRun.ts'

let model: Model
let original: Model
beforeAll(async () => {
  ;({ model } = await trainedRun(tinyConfig('gradient')))
  ;({ model: original } = await trainedRun(tinyConfig('original', 'lgn')))
})

/** Through the bytes of a file. */
function written(from: Model): Model {
  return decodeModel('m.safetensors', decodeSafetensors('m.safetensors', encodeSafetensors('', encodeModel(from))))
}

/** Everything about a model, its ids as lists. */
function whole({ users, items, ...rest }: Model): object {
  const listed = (ids: Model['users']): string[] => Array.from({ length: ids.size }, (_, row) => ids.idOf(row))
  return { ...rest, users: listed(users), items: listed(items) }
}

describe('a model file', () => {
  it('gives the same model back, bit for bit, with and without a method’s dials', () => {
    expect(whole(written(model))).toStrictEqual(whole(model))
    expect(whole(written(original))).toStrictEqual(whole(original))
    const turned = withDials(model, { alphaItem: 0.6, alphaUser: 0.2 })
    expect(turned.vectors).not.toEqual(model.vectors)
    expect(whole(written(turned))).toStrictEqual(whole(turned))
  })

  it.each(['mf', 'lgn'] as const)('keeps both arms of cause on %s, and ranks by one', async (backbone) => {
    const method = methodConfig('cause', { treatmentFrom: 'sampled' })
    const { model: arms } = await trainedRun({ ...tinyConfig('cause', backbone), loss: 'bce', method })
    const { users, items } = arms.trained.embeddings
    expect([users.rows, items.rows]).toEqual([backbone === 'lgn' ? 80 : 40, 48])
    expect(whole(written(arms))).toStrictEqual(whole(arms))
    expect([arms.vectors.users.rows, arms.vectors.items.rows]).toEqual([40, 24])
  })

  it('keeps the parameters that a method trains beside the embeddings, and its dial', () => {
    const { embeddings } = model.trained
    const { dimension } = embeddings.items
    const values = Float32Array.from({ length: 2 * dimension }, (_, n) => Math.sin(n))
    const towers: Model = {
      ...model,
      config: { ...model.config, loss: 'bce', method: methodConfig('macr', { itemWeight: 0.5 }) },
      trained: { embeddings, parameters: { rows: 2, dimension, values } },
      dials: {},
    }
    const turned = withDials(towers, { c: 0.3 })
    expect(turned.vectors.items.values).not.toEqual(withDials(towers, {}).vectors.items.values)
    expect(whole(written(turned))).toStrictEqual(whole(turned))
    const { tensors, metadata } = encodeModel(turned)
    const refused = (name: string, tensor: Tensor | undefined): (() => Model) => {
      const changed = new Map([...tensors].filter(([key]) => key !== name))
      if (tensor !== undefined) changed.set(name, tensor)
      return () => decodeModel('m', { tensors: changed, metadata })
    }
    expect(refused('parameters', undefined)).toThrow('m: the model has no towers')
    expect(refused('parameters', { shape: [4, 4], values })).toThrow('"parameters" has rows of 4 numbers; expected 8')
    expect(refused('parameters', { shape: [16], values })).toThrow('tensor "parameters" has the shape [16]')
  })

  it('gives a model back that recommends the same', async () => {
    const turned = withDials(model, { alphaItem: 1 })
    expect(await recommend(written(turned), engine, { k: 5 })).toEqual(await recommend(turned, engine, { k: 5 }))
  })

  it('keeps numbers and ids that are easily lost', () => {
    const values = model.trained.embeddings.users.values.slice()
    values.set([-0, 1e-45, 3.4028234663852886e38, 0.1])
    const users = { ...model.trained.embeddings.users, values }
    const names = ['', '007', '7', 'ü\n', '🎧', 'NaN'].concat(
      Array.from({ length: model.users.size - 6 }, (_, n) => `u${n}`),
    )
    const ids = {
      size: names.length,
      idOf: (row: number) => names[row] ?? '',
      indexOf: (id: string) => names.indexOf(id),
    }
    const trained = { ...model.trained, embeddings: { ...model.trained.embeddings, users } }
    const first = { ...model.history[0]!, triplesPerSecond: Infinity }
    const back = written({ ...model, users: ids, trained, history: [first] })
    expect(back.trained.embeddings.users.values).toEqual(values)
    expect(names.map((name) => back.users.indexOf(name))).toEqual(names.map((_, row) => row))
    expect(names.map((_, row) => back.users.idOf(row))).toEqual(names)
    expect(back.history).toEqual([first])
  })

  it('is found its way around in by other programs: vectors by name, metadata as JSON', () => {
    const { tensors, metadata } = encodeModel(model)
    expect(tensors.get('embeddings.items')?.shape).toEqual([24, 8])
    expect(JSON.parse(metadata.get('gradrec') ?? '')).toMatchObject({ kind: 'model', version: 1, dataset: 'simulated' })
  })
})

describe('a damaged model file', () => {
  const changed = (change: (tensors: Map<string, Tensor>, value: Record<string, unknown>) => void): Safetensors => {
    const { tensors, metadata } = encodeModel(model)
    const copy = new Map([...tensors].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]))
    const value = JSON.parse(metadata.get('gradrec') ?? '') as Record<string, unknown>
    change(copy, value)
    return { tensors: copy, metadata: new Map([['gradrec', JSON.stringify(value)]]) }
  }
  const first = (tensors: Map<string, Tensor>, name: string): Tensor['values'] => tensors.get(name)!.values

  it.each<[string, (tensors: Map<string, Tensor>, value: Record<string, unknown>) => void, RegExp]>([
    ['no vectors', (t) => t.delete('embeddings.users'), /no tensor "embeddings.users"/],
    ['no ids', (t) => t.delete('items.ids'), /no ids of items/],
    ['no interactions', (t) => t.delete('seen.columns'), /no sparse matrix "seen"/],
    ['half the gradients', (t) => t.delete('recorded.negative.items'), /no tensor "recorded.negative.items"/],
    [
      'no gradients',
      (t) => [...t.keys()].forEach((name) => name.startsWith('recorded.') && t.delete(name)),
      /no recorded gradients/,
    ],
    [
      'gradients of others',
      (t) => t.set('recorded.positive.items', { shape: [1, 8], values: new Float32Array(8) }),
      /"recorded.positive.items" is 1 × 8; expected 24 × 8/,
    ],
    [
      'other vectors',
      (t) => t.set('embeddings.items', { shape: [24, 4], values: new Float32Array(96) }),
      /users of 8 dimensions and items of 4/,
    ],
    ['the same id twice', (t) => first(t, 'items.ids').fill(0x31), /repeat|gives id/],
    ['offsets out of order', (t) => (first(t, 'users.idOffsets')[1] = 9999), /"users.idOffsets" gives id 0/],
    ['an item that is none', (t) => (first(t, 'seen.columns')[0] = 24), /no sparse matrix of 40 × 24/],
    [
      'fewer ids',
      (t) => t.set('users.idOffsets', { shape: [2], values: Uint32Array.of(0, 1) }),
      /"seen" is no sparse matrix of 1 × 24/,
    ],
    [
      'fewer vectors',
      (t) => {
        const fewer = { shape: [23, 8], values: new Float32Array(23 * 8).fill(1) }
        for (const of of ['embeddings', 'recorded.positive', 'recorded.negative']) t.set(`${of}.items`, fewer)
      },
      /vectors of 40 users and 23 items, and ids of 40 and 24/,
    ],
    ['another kind', (_, value) => (value['kind'] = 'checkpoint'), /kind is "checkpoint"; expected "model"/],
    ['a later version', (_, value) => (value['version'] = 2), /version is 2; expected 1/],
    [
      'a setting of the future',
      (_, value) => ((value['config'] as never as { x: 1 }).x = 1),
      /config.x is nothing that/,
    ],
    [
      'a dial of the future',
      (_, value) => (value['dials'] = { gamma: 1 }),
      /dials.gamma is no dial of method gradient/,
    ],
    ['no epoch', (_, value) => delete value['epoch'], /epoch is undefined; expected/],
    [
      'another dimension',
      (_, value) => ((value['config'] as never as { dimension: number }).dimension = 16),
      /8 dimensions, and the configuration 16/,
    ],
  ])('is refused in one sentence: %s', (_, change, message) => {
    const decode = (): Model => decodeModel('m.safetensors', changed(change))
    expect(decode).toThrow(ModelFileError)
    expect(decode).toThrow(/^m\.safetensors: /)
    expect(decode).toThrow(message)
  })

  it('is refused where it is another program’s, or its metadata is cut off', () => {
    const { tensors, metadata } = encodeModel(model)
    expect(() => decodeModel('m', { tensors, metadata: new Map() })).toThrow('m: this is no model of gradrec')
    const text = metadata.get('gradrec')?.slice(0, -9) ?? ''
    expect(() => decodeModel('m', { tensors, metadata: new Map([['gradrec', text]]) })).toThrow(
      'm: the metadata is not',
    )
    expect(() => decodeModel('m', { tensors, metadata: new Map([['gradrec', '[]']]) })).toThrow(ModelFileError)
  })
})
