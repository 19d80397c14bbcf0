import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowColumns } from '@gradrec/engine'
import { loadModel } from '@gradrec/model-files/node'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import { csvRows } from '../src/output/recommendationText.ts'
import { testContext } from './testContext.ts'
import { gradrec, tinyRun } from './tinyRun.ts'

interface Line {
  readonly user: string
  readonly known: boolean
  readonly items: readonly { readonly item: string; readonly score: number }[]
}

function linesOf(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const itemsOf = ({ items }: Line): string[] => items.map(({ item }) => item)

describe('gradrec recommend', () => {
  it('lists items by outside ids, best first, none that the user was trained with', async () => {
    const folder = await tinyRun()
    const { exitCode, out } = await gradrec(
      'recommend',
      folder,
      '--user',
      '7',
      '--user=3',
      '--k',
      '8',
      '--json',
      '--quiet',
    )
    expect(exitCode).toBe(0)
    const model = await loadModel(join(folder, 'model.safetensors'))
    const lines = linesOf(out)
    expect(lines.map(({ user }) => user)).toEqual(['7', '3'])
    for (const line of lines) {
      const row = model.users.indexOf(line.user) ?? -1
      const seen = new Set([...rowColumns(model.seen, row)].map((item) => model.items.idOf(item)))
      const { users, items } = model.vectors
      const scoreOf = (item: number): number =>
        users.values
          .subarray(row * 8, row * 8 + 8)
          .reduce((sum, value, f) => sum + value * items.values[item * 8 + f]!, 0)
      const expected = Array.from({ length: model.items.size }, (_, item) => item)
        .filter((item) => !seen.has(model.items.idOf(item)))
        .sort((a, b) => scoreOf(b) - scoreOf(a))
        .slice(0, 8)
      expect(line.known).toBe(true)
      expect(itemsOf(line)).toEqual(expected.map((item) => model.items.idOf(item)))
      line.items.forEach(({ score }, n) => expect(score).toBeCloseTo(scoreOf(expected[n]!), 4))
    }
  })

  it('shows a table, and marks users that the model does not know', async () => {
    const folder = await tinyRun()
    const { out, err } = await gradrec('recommend', folder, '--user', '7', '--user', 'nobody', '--k', '2')
    expect(out.replaceAll(/\d+\.\d{4}/g, '#')).toMatch(
      /^user 7\n {2}1 {2}\d+ +#\n {2}2 {2}\d+ +#\n\nuser nobody is unknown to the model: the most popular items, with .*\n {2}1 {2}\d+ +\d+\n/,
    )
    expect(err).toContain('2 users, 1 of them unknown to the model')
  })

  it('gives unknown users what was asked for', async () => {
    const folder = await tinyRun()
    const ask = (...flags: string[]): ReturnType<typeof gradrec> =>
      gradrec('recommend', folder, '--user', 'nobody', '--k', '3', '--json', '--quiet', ...flags)
    const [popular] = linesOf((await ask()).out)
    const { seen, items } = await loadModel(join(folder, 'model.safetensors'))
    const countOf = (id: string): number => [...seen.columns].filter((item) => items.idOf(item) === id).length
    expect(popular?.known).toBe(false)
    expect(popular?.items.map(({ score }) => score)).toEqual(popular?.items.map(({ item }) => countOf(item)))
    expect(linesOf((await ask('--unknown', 'none')).out)).toEqual([{ user: 'nobody', known: false, items: [] }])
    expect(await ask('--unknown', 'refuse')).toEqual({
      exitCode: 1,
      out: '',
      err: 'error [E_DATASET]: the model does not know user "nobody"; it was trained on 60 users\n',
    })
  })

  it('reads users and excluded items from files, and writes CSV or JSON lines', async () => {
    const folder = await tinyRun()
    const path = (name: string): string => join(folder, name)
    await writeFile(path('users.csv'), 'day;uid\n1;7\n2;"3"\n')
    await writeFile(path('ids.txt'), '7\r\n\n3\n')
    const [first, second] = linesOf(
      (await gradrec('recommend', folder, '--users', path('ids.txt'), '--json', '--quiet')).out,
    )
    await writeFile(path('sold.txt'), `${itemsOf(first!)[0]}\nno such item\n`)
    const excluded = ['--exclude-items', path('sold.txt')]
    const toCsv = await gradrec(
      'recommend',
      folder,
      '--users',
      path('users.csv'),
      ...excluded,
      '--out',
      path('lists.csv'),
    )
    expect(toCsv.err).toContain('excluded  2 items from')
    expect(toCsv.err).toContain('1 of them unknown to the model')
    const [header, ...rows] = (await readFile(path('lists.csv'), 'utf8')).trimEnd().split('\n')
    expect(header).toBe('user,known,rank,item,score')
    expect(rows).toHaveLength(20)
    const listed = rows.filter((row) => row.startsWith('7,true,')).map((row) => row.split(',')[3])
    expect(listed.slice(0, 9)).toEqual(itemsOf(first!).slice(1))
    await gradrec(
      'recommend',
      folder,
      '--users',
      path('users.csv'),
      '--user-column',
      'uid',
      '--out',
      path('lists.jsonl'),
    )
    expect(linesOf(await readFile(path('lists.jsonl'), 'utf8'))).toEqual([first, second])
    const column = await gradrec('recommend', folder, '--users', path('users.csv'), '--user-column', 'who')
    expect(column).toMatchObject({ exitCode: 1, err: expect.stringContaining('no column "who"') as string })
  })

  it('recommends to all users, with what they have seen where that is wanted', async () => {
    const folder = await tinyRun()
    const all = linesOf((await gradrec('recommend', folder, '--all', '--k', '40', '--json', '--quiet')).out)
    const model = await loadModel(join(folder, 'model.safetensors'))
    expect(all.map(({ user }) => user)).toEqual(Array.from({ length: 60 }, (_, row) => model.users.idOf(row)))
    all.forEach((line, row) => expect(line.items).toHaveLength(40 - rowColumns(model.seen, row).length))
    const seen = linesOf(
      (await gradrec('recommend', folder, '--all', '--k', '40', '--include-seen', '--json', '--quiet')).out,
    )
    for (const line of seen) expect(line.items).toHaveLength(40)
  })

  it('ranks at other dials, which change the lists', async () => {
    const folder = await tinyRun('--alpha-item', '0', '--alpha-user', '0')
    const at = async (...flags: string[]): Promise<string> =>
      (await gradrec('recommend', folder, '--all', '--json', '--quiet', ...flags)).out
    expect(await at('--alpha-item', '0')).toBe(await at())
    expect(await at('--alpha-item', '1')).not.toBe(await at())
  })

  it('writes nothing when it is stopped', async () => {
    const folder = await tinyRun()
    const out = join(folder, 'lists.csv')
    const context = testContext({ onText: (text) => text.startsWith('engine') && context.interrupt() })
    expect(await run(['recommend', folder, '--all', '--out', out], context)).toBe(130)
    await expect(readFile(out)).rejects.toThrow('ENOENT')
  })

  it.each([
    [[], 'nobody to recommend to; expected --user <id>, --users <file> or --all'],
    [['--all', '--user', '7'], '--all means all users'],
    [['--user', '7', '--k', '1025'], '--k is "1025"; expected a whole number from 1 to 1024'],
    [['--user', '7', '--unknown', 'guess'], '--unknown is "guess"; expected one of mostPopular, none, refuse'],
    [['--user', '7', '--out', 'lists.xls'], '--out is "lists.xls"; expected a file that ends in .jsonl or .csv'],
    [['--user', '7', '--item-column', 'x'], '--item-column means nothing without --exclude-items'],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, err } = await gradrec('recommend', 'anything', ...flags)
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(message) as string })
  })

  it('names a folder that is not there', async () => {
    const folder = await tinyRun()
    await mkdir(join(folder, 'there'))
    const missing = join(folder, 'not there', 'lists.csv')
    const { exitCode, err } = await gradrec('recommend', folder, '--all', '--out', missing, '--quiet')
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: `error [E_MODEL_FILE]: ${missing}: there is no such folder\n`,
    })
  })
})

it('is content with a reader that goes away, such as head', async () => {
  const launcher = fileURLToPath(new URL('../bin/gradrec.js', import.meta.url))
  const argv = [launcher, 'recommend', await tinyRun(), '--all', '--json', '--quiet', '--engine', 'wasm']
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  child.stdout.destroy()
  const [exitCode] = (await once(child, 'close')) as [number | null]
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
})

it('quotes ids in CSV that would break a row', () => {
  const items = [
    { item: 'a,b', score: 1 / 3 },
    { item: ' "x"\n', score: 2 },
  ]
  expect(csvRows({ user: 'ü', isKnown: true, items })).toBe('ü,true,1,"a,b",0.3333333\nü,true,2," ""x""\n",2\n')
})
