const CHUNK = 1 << 20

/** Version `version` of a large file: 16 to 18 chunks, every byte of which is the version's number. */
export function versionChunks(version: number): Uint8Array[] {
  return Array.from({ length: 16 + (version % 3) }, () => new Uint8Array(CHUNK).fill(version))
}

/** The version a file is, or undefined where it is not wholly one. */
export function versionOf(file: Buffer): number | undefined {
  const version = file[0] ?? 0
  return file.equals(Buffer.concat(versionChunks(version))) ? version : undefined
}
