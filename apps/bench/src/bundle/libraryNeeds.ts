/** What the dynamic linker must find to load a program or library. */
export interface LibraryNeeds {
  /** File names: `libc.so.6`. */
  readonly libraries: readonly string[]
  /** Versions of them, such as `GLIBC_2.34` and `GLIBCXX_3.4.30`. */
  readonly versions: readonly string[]
}

/** Section types and tags of the ELF format. */
const DYNAMIC = 6
const VERSION_NEEDS = 0x6ffffffe
const NEEDED = 1n

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  /** Number of the section that holds its texts. */
  readonly link: number
}

/**
 * Reads what a 64-bit little-endian ELF file needs.
 *
 * @throws Error for any other file
 */
export function libraryNeeds(file: Uint8Array): LibraryNeeds {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a 64-bit ELF file')
  }
  const sections = sectionsOf(view)
  const textsOf = ({ link }: Section): number => sections[link]?.offset ?? 0
  const textAt = (offset: number): string => {
    const end = file.indexOf(0, offset)
    return Buffer.from(file.subarray(offset, end)).toString('latin1')
  }
  const libraries: string[] = []
  const versions: string[] = []
  for (const section of sections) {
    const texts = textsOf(section)
    if (section.type === DYNAMIC) {
      for (let at = section.offset; at < section.offset + section.size; at += 16) {
        if (view.getBigUint64(at, true) === NEEDED) {
          libraries.push(textAt(texts + Number(view.getBigUint64(at + 8, true))))
        }
      }
    }
    if (section.type === VERSION_NEEDS)
      versions.push(...versionNeeds(view, section.offset).map((at) => textAt(texts + at)))
  }
  return { libraries, versions: [...new Set(versions)] }
}

/** The highest version of one name, as `2.34` of `GLIBC`; `undefined` where none is needed. */
export function highestVersion(versions: readonly string[], name: string): string | undefined {
  return versions
    .filter((version) => new RegExp(`^${name}_\\d+(\\.\\d+)*$`).test(version))
    .map((version) => version.slice(name.length + 1))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0]
}

function sectionsOf(view: DataView): Section[] {
  const table = Number(view.getBigUint64(0x28, true))
  const [entrySize, count] = [view.getUint16(0x3a, true), view.getUint16(0x3c, true)]
  return Array.from({ length: count }, (_, n) => {
    const at = table + n * entrySize
    return {
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      size: Number(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
    }
  })
}

/** Where the names of needed versions are among the section's texts: a list of libraries, each with a list of versions. */
function versionNeeds(view: DataView, start: number): number[] {
  const names: number[] = []
  for (let library = start; ;) {
    let version = library + view.getUint32(library + 8, true)
    for (let left = view.getUint16(library + 2, true); left > 0; left--) {
      names.push(view.getUint32(version + 8, true))
      version += view.getUint32(version + 12, true)
    }
    const next = view.getUint32(library + 12, true)
    if (next === 0) return names
    library += next
  }
}
