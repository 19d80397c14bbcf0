import { describe, expect, it } from 'vitest'
import { chunksOf, DataFormatError, readIds } from '../../src/index.ts'

const read = (text: string, column?: Parameters<typeof readIds>[2]): Promise<string[]> =>
  readIds('ids', chunksOf(new TextEncoder().encode(text)), column)

describe('readIds', () => {
  it('reads one id a line, in order, with repeats, whatever the line breaks', async () => {
    expect(await read('\uFEFF7\r\n007\n\n ü b \n7')).toEqual(['7', '007', 'ü b', '7'])
    expect(await read('')).toEqual([])
  })

  it('keeps commas in lines, which are no table', async () => {
    expect(await read('a,b\nc;d\n')).toEqual(['a,b', 'c;d'])
  })

  it('reads a column by its name, its position or a usual name', async () => {
    const table = 'when;user_id;"the;name"\n1;u1;"a ""b"""\n2;u2;c\n'
    expect(await read(table, { role: 'user' })).toEqual(['u1', 'u2'])
    expect(await read(table, { role: 'user', name: 'the;name' })).toEqual(['a "b"', 'c'])
    expect(await read(table, { role: 'user', name: 1 })).toEqual(['1', '2'])
    expect(await read('anything\nx\ny\n', { role: 'item' })).toEqual(['x', 'y'])
  })

  it('names the columns there are where the wanted one is not', async () => {
    await expect(read('when,who\n1,u1\n', { role: 'user' })).rejects.toThrow(
      `ids:1: the header has no column that looks like the user's; it has "when", "who": name the user column`,
    )
    await expect(read('when,who\n1,u1\n', { role: 'user', name: 'whom' })).rejects.toThrow('no column "whom"')
    await expect(read('when,who\n1\n', { role: 'user', name: 'who' })).rejects.toThrow(DataFormatError)
  })
})
