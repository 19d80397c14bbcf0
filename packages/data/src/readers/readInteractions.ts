import { EmptyDataError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { peek, readAll, type Chunks, type Peeked } from './chunks.ts'
import { detectFormat, type Format } from './detectFormat.ts'
import { gunzip, isGzip } from './gunzip.ts'
import { readCsv, type CsvOptions } from './readCsv.ts'
import { readListText } from './readListText.ts'
import { readRatingsDat, readUData } from './readMovieLens.ts'
import { readNpz } from './readNpz.ts'
import { inMemory, readParquet } from './readParquet.ts'

export interface ReadOptions extends CsvOptions {
  /** Default: told from the name and the first bytes. The CSV options count for `csv` only, `columns` for `parquet` too. */
  readonly format?: Format
}

/** Enough for a first line, and for every format's mark. */
const HEAD = 1 << 14

/**
 * Reads a file of interactions of any format there is, gzipped or not, from a stream of bytes. Formats that keep their table of
 * contents at the end (npz, Parquet) are read whole first; `readParquet` reads from a file in place.
 *
 * @param source the file's name: it helps to tell the format, and messages show it
 * Throws `DataFormatError`, `EmptyDataError` and `DataOptionError`, and whatever the stream itself throws.
 *
 * @example
 * const interactions = await readInteractions(file.name, file.stream())
 */
export async function readInteractions(
  source: string,
  chunks: Chunks,
  options: ReadOptions = {},
): Promise<Interactions> {
  const opened = await peek(chunks, HEAD)
  try {
    if (!isGzip(opened.head)) return await readPlain(source, opened, options)
    const unzipped = await peek(gunzip(source, opened.chunks), HEAD)
    try {
      return await readPlain(source, unzipped, options)
    } finally {
      await unzipped.chunks.return?.()
    }
  } finally {
    // An error found before the first chunk is read has to close the file too.
    await opened.chunks.return?.()
  }
}

async function readPlain(source: string, { head, chunks }: Peeked, options: ReadOptions): Promise<Interactions> {
  if (head.length === 0) throw new EmptyDataError(`${source}: the file is empty; expected interactions`)
  const format = options.format ?? detectFormat(source, head)
  switch (format) {
    case 'csv':
      return readCsv(source, chunks, options)
    case 'list':
      return readListText(source, chunks)
    case 'npz':
      return readNpz(source, chunks)
    case 'parquet':
      return readParquet(source, inMemory(await readAll(chunks)), options)
    case 'u.data':
      return readUData(source, chunks)
    case 'ratings.dat':
      return readRatingsDat(source, chunks)
  }
}
