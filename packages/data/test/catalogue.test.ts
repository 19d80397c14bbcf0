import { expect, test } from 'vitest'
import { CATALOGUE, catalogueEntry } from '../src/index.ts'

test('every protocol uses files that the entry has', () => {
  for (const entry of CATALOGUE) {
    const names = entry.files.map((file) => file.name)
    for (const protocol of Object.values(entry.protocols)) {
      for (const file of Object.values(protocol.files).flat()) expect(names).toContain(file)
    }
  }
})

test('an unknown name is answered with the known ones', () => {
  expect(() => catalogueEntry('ml1m')).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: there is no data set called "ml1m"; known are ml10m, netflix, adressa, gowalla, ml100k, ml-latest-small]`,
  )
})
