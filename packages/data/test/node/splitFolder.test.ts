import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csrFromPairs } from '@gradrec/engine'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import {
  datasetFromInteractions,
  datasetFromParts,
  rangeIdMap,
  readInteractions,
  SPLIT_PRESETS,
  type Dataset,
  type Split,
  type SplitOrigin,
} from '../../src/index.ts'
import { describeInput, isSplitFolder, readSplit, readSplitFile, writeSplit } from '../../src/node/index.ts'
import { chunksOfText } from '../chunksOfText.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradrec-split-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const ORIGIN: SplitOrigin = {
  preset: 'iid',
  parameters: { validation: 0.1 },
  seed: 7,
  inputs: [{ file: 't.csv', bytes: 3, sha256: 'abc' }],
}

/** 40 users × 30 items with ids that are awkward to store. */
async function dataset(split: Split): Promise<Dataset> {
  const rows = Array.from({ length: 400 }, (_, k) => {
    const user = k % 40 === 0 ? '"a\nb, ""é"""' : `00${k % 40}`
    return `${user},i${(k * 7 + Math.floor(k / 40)) % 30},${1 + (Math.floor(k / 7) % 5)},${k}`
  })
  const interactions = await readInteractions('t.csv', chunksOfText(`user,item,rating,time\n${rows.join('\n')}\n`))
  return datasetFromInteractions(interactions, {
    name: 't',
    minimumRating: 2,
    kCore: { users: 2, items: 2 },
    split,
    seed: 7,
  })
}

/** All that can be compared of a data set. */
function plain({ users, items, ...rest }: Dataset): unknown {
  const ids = (map: typeof users): string[] => Array.from({ length: map.size }, (_, at) => map.idOf(at))
  return { ...rest, users: ids(users), items: ids(items) }
}

test.each(Object.entries(SPLIT_PRESETS))('%s comes back as the same data set', async (_, split) => {
  const made = await dataset(split)
  const path = join(folder, 'deep', 'saved')
  const file = await writeSplit(path, made, ORIGIN)
  expect(isSplitFolder(path)).toBe(true)
  const back = await readSplit(path)
  expect(plain(back)).toEqual(plain(made))
  expect(back.hash).toBe(made.hash)
  expect(back.users.indexOf('a\nb, "é"')).toBe(made.users.indexOf('a\nb, "é"'))
  expect(await readSplitFile(path)).toEqual(file)
  // Nothing half-written is left beside it.
  expect(readdirSync(join(folder, 'deep'))).toEqual(['saved'])
})

test('split.json says how the split was made and what is in it', async () => {
  const made = await dataset({ kind: 'intervened' })
  await writeSplit(join(folder, 'x'), made, ORIGIN)
  const file = JSON.parse(readFileSync(join(folder, 'x', 'split.json'), 'utf8')) as Record<string, unknown>
  expect(file).toMatchObject({
    format: 'gradrec split 1',
    name: 't',
    hash: made.hash,
    origin: ORIGIN,
    repairs: made.repairs,
  })
  const { train } = made.parts
  expect(file['parts']).toMatchObject({
    train: { file: 'train.npz', interactions: train.columns.length, items: new Set(train.columns).size },
  })
  expect(Object.keys(file['sha256'] as object).toSorted()).toEqual(
    readdirSync(join(folder, 'x'))
      .filter((name) => name !== 'split.json')
      .toSorted(),
  )
})

test('equal data sets make equal folders, and a held-out part of nothing stays one', async () => {
  const empty = csrFromPairs([], [], 2, 3)
  const parts = { train: csrFromPairs([0, 1], [2, 0], 2, 3), test: empty }
  const make = (): Promise<Dataset> =>
    datasetFromParts({ name: 'x', users: rangeIdMap(2), items: rangeIdMap(3), parts, protocol: '' })
  for (const name of ['a', 'b']) await writeSplit(join(folder, name), await make(), ORIGIN)
  for (const name of readdirSync(join(folder, 'a'))) {
    expect(readFileSync(join(folder, 'a', name))).toEqual(readFileSync(join(folder, 'b', name)))
  }
  expect((await readSplit(join(folder, 'a'))).parts.test).toEqual(empty)
})

async function errorOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return String(error).replaceAll(folder, '<folder>')
}

test('a folder that holds something is left alone', async () => {
  const made = await dataset({ kind: 'none' })
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full', 'mine'), '')
  expect(await errorOf(writeSplit(join(folder, 'full'), made, ORIGIN))).toMatchInlineSnapshot(
    `"DataWriteError: <folder>/full exists already; expected a new folder: name another one, or delete it first"`,
  )
  expect(readdirSync(join(folder, 'full'))).toEqual(['mine'])
  writeFileSync(join(folder, 'file'), '')
  expect(await errorOf(writeSplit(join(folder, 'file', 'x'), made, ORIGIN))).toMatch(
    /^DataWriteError: <folder>\/file\/x could not be written: .*; name another folder$/,
  )
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'full'])
  mkdirSync(join(folder, 'empty'))
  await writeSplit(join(folder, 'empty'), made, ORIGIN)
  expect(existsSync(join(folder, 'empty', 'split.json'))).toBe(true)
})

test('a damaged folder is refused, and says where', async () => {
  const saved = join(folder, 'saved')
  await writeSplit(saved, await dataset({ kind: 'intervened' }), ORIGIN)
  const damaged = async (change: (path: string) => void): Promise<string> => {
    const path = join(folder, 'damaged')
    cpSync(saved, path, { recursive: true })
    change(path)
    const message = await errorOf(readSplit(path))
    rmSync(path, { recursive: true })
    return message
  }
  const json = (path: string): string => join(path, 'split.json')
  const edit = (path: string, from: string | RegExp, to: string): void =>
    writeFileSync(json(path), readFileSync(json(path), 'utf8').replace(from, to))
  expect([
    await damaged((path) => writeFileSync(join(path, 'test.npz'), 'x', { flag: 'a' })),
    await damaged((path) => rmSync(join(path, 'items.json'))),
    await damaged((path) => rmSync(json(path))),
    await damaged((path) => writeFileSync(json(path), '{')),
    await damaged((path) => writeFileSync(json(path), '[]')),
    await damaged((path) => edit(path, 'split 1', 'split 9')),
    await damaged((path) => edit(path, /"hash": "."?/, '"hash": "-')),
  ]).toMatchInlineSnapshot(`
    [
      "DataFormatError: <folder>/damaged/test.npz: its content is not the one that was saved; expected the SHA-256 that split.json names: split the data again",
      "DataMissingError: <folder>/damaged/items.json: there is no such file; expected a file to read: check the path",
      "DataMissingError: <folder>/damaged/split.json: there is no such file; expected a file to read: check the path",
      "DataFormatError: <folder>/damaged/split.json: this is no JSON; expected a split.json that gradrec wrote",
      "DataFormatError: <folder>/damaged/split.json: this is no description of a split; expected format, name, hash, protocol, parts, repairs and sha256",
      "DataFormatError: <folder>/damaged/split.json: its format is "gradrec split 9"; expected "gradrec split 1": read it with the version of gradrec that wrote it",
      "DataFormatError: <folder>/damaged/split.json: the files together do not make the data set whose hash it names; expected the files that were saved with it: split the data again",
    ]
  `)
})

test('an input is described by its size and SHA-256', async () => {
  writeFileSync(join(folder, 'abc'), 'abc')
  // FIPS 180-2, appendix B.1.
  expect(await describeInput(join(folder, 'abc'))).toEqual({
    file: join(folder, 'abc'),
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  })
})
