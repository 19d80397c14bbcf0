import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileError } from './fileError.ts'

/** Bytes handed to the system at once; it takes no more than 2 GiB. */
const WRITE_BYTES = 1 << 26

/** How many names are tried for the temporary file. */
const MOST_ATTEMPTS = 10_000

/**
 * Writes a file so that at every moment, whatever is killed and wherever the power goes, `path` is the old file or the new one,
 * complete: into a temporary file beside it, from there onto the disk, then renamed, then the folder onto the disk. Writers of the
 * same file at the same time do not disturb each other; the last one wins. A process that is killed may leave its `.partial` file
 * behind. A symbolic link is replaced, not followed.
 *
 * @param content the whole file, or the pieces that follow one another, such as `safetensorsChunks` gives
 * @throws ModelFileError where it cannot be written; what `content` throws comes through. The old file is then unchanged
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  let temporary: { readonly path: string; readonly file: FileHandle } | undefined
  try {
    temporary = await openTemporary(path)
    try {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        await writeAll(temporary.file, chunk)
      }
      await temporary.file.sync()
    } finally {
      await temporary.file.close()
    }
    await rename(temporary.path, path)
    await syncFolder(dirname(resolve(path)))
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary.path, { force: true })
    throw fileError(path, 'written', cause)
  }
}

/** A new file beside `path` that is nobody else's: it is made only where none of that name exists. */
async function openTemporary(path: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
  for (let attempt = 0; ; attempt++) {
    const temporary = `${path}.${process.pid}-${attempt}.partial`
    try {
      return { path: temporary, file: await open(temporary, 'wx') }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === MOST_ATTEMPTS) throw cause
    }
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(WRITE_BYTES, bytes.length - done))
    done += bytesWritten
  }
}

/** Until the folder is on the disk, a power cut could bring the old name back. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
