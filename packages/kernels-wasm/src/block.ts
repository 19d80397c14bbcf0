import type { LinearMemory } from './linearMemory.ts'

/** Fields of a block, in order, four bytes each: made from an AssemblyScript class by the build. */
export type BlockType = Readonly<Record<string, 'u32' | 'f32'>>

export type ValuesOf<Type extends BlockType> = { readonly [Field in keyof Type]: number }

export function blockBytes(type: BlockType): number {
  return Object.keys(type).length * 4
}

/** Writes all fields of a block. */
export function writeBlock<Type extends BlockType>(
  memory: LinearMemory,
  address: number,
  type: Type,
  values: ValuesOf<Type>,
): void {
  const fields = Object.entries(type)
  const words = memory.words(address, fields.length)
  const floats = memory.floats(address, fields.length)
  for (const [index, [field, kind]] of fields.entries()) {
    const target = kind === 'f32' ? floats : words
    target[index] = values[field] as number
  }
}

/** Writes some fields of a block and leaves the others. */
export function updateBlock<Type extends BlockType>(
  memory: LinearMemory,
  address: number,
  type: Type,
  values: Partial<ValuesOf<Type>>,
): void {
  const fields = Object.keys(type)
  const words = memory.words(address, fields.length)
  const floats = memory.floats(address, fields.length)
  for (const [field, value] of Object.entries<number | undefined>(values)) {
    const target = type[field] === 'f32' ? floats : words
    if (value !== undefined) target[fields.indexOf(field)] = value
  }
}
