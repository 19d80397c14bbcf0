import type { IdMap } from './idMap.ts'

/** The ids "0" … "size − 1", for data that numbers its users and items itself. Costs no memory. */
export function rangeIdMap(size: number): IdMap {
  return {
    size,
    idOf(index: number): string {
      if (!Number.isInteger(index) || index < 0 || index >= size) {
        throw new RangeError(`there is no row ${index}; expected 0 … ${size - 1}`)
      }
      return String(index)
    },
    indexOf(id: string): number | undefined {
      const index = Number(id)
      return String(index) === id && Number.isInteger(index) && index >= 0 && index < size ? index : undefined
    },
  }
}
