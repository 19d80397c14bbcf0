import { open, type FileHandle } from 'node:fs/promises'
import { ModelFileError } from '../errors.ts'
import { numbersOfDtype, type Safetensors } from '../safetensors.ts'
import { LENGTH_BYTES, parseHeader, readHeaderLength } from '../safetensorsHeader.ts'
import type { Tensor } from '../tensor.ts'
import { fileError } from './fileError.ts'

/** Bytes asked for at once: the system gives no more than 2 GiB, and Node's `readFile` nothing of a larger file. */
const READ_BYTES = 1 << 26

/**
 * Reads a safetensors file of any size, every tensor into memory of its own.
 *
 * @throws ModelFileError where it cannot be opened, and all that `decodeSafetensors` throws
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { size } = await file.stat()
    const headerLength = readHeaderLength(path, await bytesAt(file, path, 0, Math.min(LENGTH_BYTES, size)), size)
    const dataBegin = LENGTH_BYTES + headerLength
    const header = parseHeader(path, await bytesAt(file, path, LENGTH_BYTES, headerLength), size - dataBegin)
    const tensors = new Map<string, Tensor>()
    for (const { name, dtype, shape, begin, end } of header.entries) {
      const bytes = await bytesAt(file, path, dataBegin + begin, end - begin)
      tensors.set(name, { shape, values: numbersOfDtype(dtype, bytes) })
    }
    return { tensors, metadata: header.metadata }
  } catch (cause) {
    throw fileError(path, 'read', cause)
  } finally {
    await file?.close()
  }
}

async function bytesAt(file: FileHandle, path: string, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(READ_BYTES, length - done), position + done)
    if (bytesRead === 0) throw new ModelFileError(path, 'the file became shorter while it was read; read it again')
    done += bytesRead
  }
  return bytes
}
