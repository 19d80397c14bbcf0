/** Where the arrays of a region go. */
export interface Layout<Name extends string> {
  /** Bytes from the beginning of the region; undefined for an array that has none. */
  readonly offsets: Readonly<Record<Name, number | undefined>>
  readonly bytes: number
}

/**
 * Places arrays one after another, each at the beginning of a cache line.
 *
 * @param sizes bytes of each array; 0 for one that is not needed
 */
export function layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Layout<Name> {
  const offsets = {} as Record<Name, number | undefined>
  let bytes = 0
  for (const [name, size] of Object.entries(sizes) as [Name, number][]) {
    offsets[name] = size === 0 ? undefined : bytes
    bytes += Math.ceil(size / 64) * 64
  }
  return { offsets, bytes }
}

/** The address of every array of a layout; 0 for those that have none. */
export function addressesFrom<Name extends string>(address: number, layout: Layout<Name>): Record<Name, number> {
  const entries = Object.entries<number | undefined>(layout.offsets)
  return Object.fromEntries(
    entries.map(([name, offset]) => [name, offset === undefined ? 0 : address + offset]),
  ) as Record<Name, number>
}
