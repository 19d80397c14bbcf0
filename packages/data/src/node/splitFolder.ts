import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile as readBytes, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { csrFromPairs } from '@gradrec/engine'
import type { Dataset, Parts } from '../dataset.ts'
import { datasetHash } from '../datasetHash.ts'
import { DataFormatError, DataWriteError } from '../errors.ts'
import type { IdMap } from '../idMap.ts'
import { IdTable } from '../idTable.ts'
import { decodeNpz } from '../readers/readNpz.ts'
import { describeSplit, type PartDescription, type SplitDescription, type SplitOrigin } from '../splitDescription.ts'
import { writeNpz } from '../writeNpz.ts'
import { missing } from './fileChunks.ts'

/** First entry of `split.json`; a change of the folder's layout takes a new number. */
const FORMAT = 'gradrec split 1'

const PART_NAMES = ['train', 'intervenedTrain', 'validation', 'test', 'biasedTest'] as const

const ID_FILES = { users: 'users.json', items: 'items.json' } as const

/** What `split.json` holds. */
export interface SplitFile extends SplitDescription {
  readonly format: typeof FORMAT
  readonly origin: SplitOrigin
  readonly parts: Readonly<Partial<Record<keyof Parts, PartDescription & { readonly file: string }>>>
  /** SHA-256, in hex, of every other file in the folder: two splits with one `train.npz` train the same model. */
  readonly sha256: Readonly<Record<string, string>>
}

/**
 * Saves a data set as a folder: `split.json` (how it was made, counts, what was dropped), one `<part>.npz` a part (SciPy's
 * `load_npz` reads them; `train` holds `intervenedTrain`), and the outside ids of rows and columns in `users.json` and
 * `items.json`. The folder appears whole or not at all, and equal data sets of one origin make equal folders. What a simulation
 * knows of the truth is not kept.
 *
 * Throws `DataWriteError` where the folder exists and is not empty, or cannot be written.
 */
export async function writeSplit(folder: string, dataset: Dataset, origin: SplitOrigin): Promise<SplitFile> {
  await checkNewFolder(folder)
  const target = resolve(folder)
  const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`)
  try {
    await mkdir(partial, { recursive: true })
    const sha256: Record<string, string> = {}
    const write = async (file: string, content: string | Uint8Array): Promise<void> => {
      await writeFile(join(partial, file), content)
      sha256[file] = createHash('sha256').update(content).digest('hex')
    }
    await write(ID_FILES.users, idLines(dataset.users))
    await write(ID_FILES.items, idLines(dataset.items))
    for (const part of PART_NAMES) {
      const matrix = dataset.parts[part]
      if (matrix !== undefined) await write(`${part}.npz`, writeNpz(matrix))
    }
    const { repairs, ...facts } = describeSplit(dataset)
    const parts = Object.entries(facts.parts).map(([part, each]) => [part, { file: `${part}.npz`, ...each }])
    const file: SplitFile = {
      format: FORMAT,
      ...facts,
      parts: Object.fromEntries(parts) as SplitFile['parts'],
      repairs,
      origin,
      sha256,
    }
    await writeFile(join(partial, 'split.json'), `${JSON.stringify(file, undefined, 2)}\n`)
    await rename(partial, target)
    return file
  } catch (cause) {
    // What cannot be cleared away was most often never made; the first error is the one to tell.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataWriteError(`${folder} could not be written: ${reason}; name another folder`, { cause })
  }
}

/** Refuses a folder that `writeSplit` would refuse because it is there, before any work is done. Throws `DataWriteError`. */
export async function checkNewFolder(folder: string): Promise<void> {
  if (!existsSync(folder) || (await isEmptyFolder(folder))) return
  throw new DataWriteError(`${folder} exists already; expected a new folder: name another one, or delete it first`)
}

/** Whether a path is a folder that `writeSplit` could have made. */
export function isSplitFolder(path: string): boolean {
  return existsSync(join(path, 'split.json'))
}

/**
 * The data set that `writeSplit` saved, with the same hash. Throws `DataMissingError` for files that are not there, and
 * `DataFormatError` for files that were changed since, or that are no split's.
 */
export async function readSplit(folder: string): Promise<Dataset> {
  const description = await readSplitFile(folder)
  const read = async (file: string): Promise<Uint8Array> => {
    const bytes = await bytesOf(join(folder, file))
    if (createHash('sha256').update(bytes).digest('hex') === description.sha256[file]) return bytes
    throw new DataFormatError(
      { source: join(folder, file) },
      'its content is not the one that was saved; expected the SHA-256 that split.json names: split the data again',
    )
  }
  const users = idsOf(join(folder, ID_FILES.users), await read(ID_FILES.users))
  const items = idsOf(join(folder, ID_FILES.items), await read(ID_FILES.items))
  const parts: { -readonly [Name in keyof Parts]?: Parts[Name] } = {}
  for (const part of PART_NAMES) {
    if (description.parts[part] === undefined) continue
    const file = `${part}.npz`
    const { user, item } = decodeNpz(join(folder, file), await read(file))
    parts[part] = csrFromPairs(user, item, users.size, items.size)
  }
  const { train } = parts
  const { name, hash, protocol, repairs } = description
  if (train === undefined || (await datasetHash(users, items, { ...parts, train })) !== hash) {
    throw new DataFormatError(
      { source: join(folder, 'split.json') },
      'the files together do not make the data set whose hash it names; expected the files that were saved with it: split ' +
        'the data again',
    )
  }
  return { name, users, items, parts: { ...parts, train }, hash, repairs, protocol }
}

/** What `split.json` says of a split, without reading its parts. Throws as `readSplit` does. */
export async function readSplitFile(folder: string): Promise<SplitFile> {
  const source = join(folder, 'split.json')
  const text = new TextDecoder().decode(await bytesOf(source))
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new DataFormatError({ source }, 'this is no JSON; expected a split.json that gradrec wrote', { cause })
  }
  if (isSplitFile(content)) return content
  const format: unknown = content !== null && typeof content === 'object' ? Reflect.get(content, 'format') : undefined
  throw new DataFormatError(
    { source },
    typeof format === 'string' && format !== FORMAT
      ? `its format is ${JSON.stringify(format)}; expected "${FORMAT}": read it with the version of gradrec that wrote it`
      : `this is no description of a split; expected format, name, hash, protocol, parts, repairs and sha256`,
  )
}

function isSplitFile(content: unknown): content is SplitFile {
  if (content === null || typeof content !== 'object') return false
  const { format, name, hash, protocol, parts, repairs, sha256 } = content as Partial<Record<keyof SplitFile, unknown>>
  const texts = [name, hash, protocol].every((each) => typeof each === 'string')
  const objects = [parts, sha256].every((each) => each !== null && typeof each === 'object')
  return format === FORMAT && texts && objects && Array.isArray(repairs)
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readBytes(path)
  } catch (cause) {
    throw missing(cause, path)
  }
}

/** A JSON list with one id a line, which any language reads and any id survives. */
function idLines(ids: IdMap): string {
  const lines = Array.from({ length: ids.size }, (_, index) => JSON.stringify(ids.idOf(index)))
  return `[\n${lines.join(',\n')}\n]\n`
}

function idsOf(source: string, bytes: Uint8Array): IdMap {
  const list: unknown = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  const ids = new IdTable()
  for (const id of Array.isArray(list) ? list : []) ids.addText(String(id))
  if (Array.isArray(list) && ids.size === list.length) return ids
  throw new DataFormatError({ source }, 'this is no list of distinct ids; expected one that gradrec wrote')
}

async function isEmptyFolder(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0
  } catch {
    return false
  }
}
