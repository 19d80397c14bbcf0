import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalIds } from '../src/canonicalIds.ts'
import { IdTable } from '../src/index.ts'

function tableOf(ids: readonly string[]): IdTable {
  const table = new IdTable()
  for (const id of ids) table.addText(id)
  return table
}

function texts(ids: { readonly size: number; idOf(index: number): string }): string[] {
  return Array.from({ length: ids.size }, (_, row) => ids.idOf(row))
}

test('puts whole numbers first, by size, then other texts by bytes', () => {
  const ids = tableOf(['b', '10', '9', 'a', '007', '18446744073709551616', '0', '-3'])
  const result = canonicalIds([{ ids, used: new Uint8Array(8).fill(1) }])
  expect(texts(result.ids)).toEqual(['0', '9', '10', '18446744073709551616', '-3', '007', 'a', 'b'])
  expect([...result.rowOf[0]!]).toEqual([7, 2, 1, 6, 5, 3, 0, 4])
})

test('does not depend on the order of ids or parts, and counts what no part uses', () => {
  const id = fc.oneof(fc.nat(30).map(String), fc.string({ maxLength: 2 }))
  fc.assert(
    fc.property(
      fc.uniqueArray(id, { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (ids, keep) => {
        const used = Uint8Array.from(ids, (_, k) => (keep[k % 60] ? 1 : 0))
        const forward = { ids: tableOf(ids), used }
        const backward = { ids: tableOf(ids.toReversed()), used: used.toReversed() }
        const one = canonicalIds([forward])
        const two = canonicalIds([backward, forward])
        expect(texts(two.ids)).toEqual(texts(one.ids))
        expect(one.dropped).toBe(ids.length - used.reduce((a, b) => a + b, 0))
        expect(two.dropped).toBe(one.dropped)
        for (const [row, each] of ids.entries()) {
          if (used[row]) expect(one.ids.idOf(one.rowOf[0]![row]!)).toBe(each)
        }
      },
    ),
  )
})
