import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSplit } from '@gradrec/data/node'
import { beforeEach, describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { testContext, type TestContext } from './testContext.ts'

let folder = ''
let file = ''

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder, 'loans.csv')
  const rows = Array.from(
    { length: 600 },
    (_, k) => `reader${k % 30},book${(k * 7 + Math.floor(k / 30)) % 40},${1 + (k % 7)},2026-01-${10 + (k % 20)}`,
  )
  await writeFile(file, `who,book,stars,day\n${rows.join('\n')}\n`)
})

const COLUMNS = ['--user-column', 'who', '--item-column', 'book', '--rating-column', 'stars', '--time-column', 'day']

async function split(...argv: string[]): Promise<TestContext & { readonly exitCode: number }> {
  const context = testContext()
  const exitCode = await run(['split', ...argv], context)
  return { ...context, exitCode }
}

async function errorOf(...argv: string[]): Promise<string> {
  const { exitCode, out, err } = await split(...argv)
  expect(out()).toBe('')
  expect(err().split('\n')).toHaveLength(2)
  return `${exitCode} ${err().trimEnd()}`.replaceAll(folder, '<folder>')
}

describe('gradrec split', () => {
  it('says what it dropped and what is in the parts, and writes them', async () => {
    const out = join(folder, 'splits', 'loans')
    const made = await split(
      file,
      '--preset',
      'intervened',
      ...COLUMNS,
      '--min-rating',
      '2',
      '--k-core',
      '3',
      '--out',
      out,
    )
    expect(made.err().replaceAll(folder, '<folder>')).toMatchInlineSnapshot(`
      "data      loans: 30 users × 40 items
      dropped   Rows below the rating threshold left out of <folder>/loans.csv: 86.
      split     Interactions rated 2 or more. Users with 3 items or more and items with 3 users or more (filtered until stable). 40 % of the interactions are drawn with probabilities inverse to popularity: 10 % train (with the other 60 %), 10 % validate, 20 % test (seed 0).
      train on it: gradrec train --dataset <folder>/splits/loans
      "
    `)
    const dataset = await readSplit(out)
    expect(made.out()).toContain(`hash ${dataset.hash}\nwritten to ${out}\n`)
    const [head = '', ...lines] = made.out().split('\n')
    expect(head.trim().split(/ {2,}/)).toEqual(['interactions', 'share', 'users', 'items', 'Gini'])
    for (const [at, part] of (['train', 'intervenedTrain', 'validation', 'test'] as const).entries()) {
      expect(lines[at]?.trim().split(/ {2,}/)[1]).toBe(String(dataset.parts[part]?.columns.length))
    }
    const description: unknown = JSON.parse(await readFile(join(out, 'split.json'), 'utf8'))
    expect(description).toMatchObject({
      origin: {
        preset: 'intervened',
        parameters: { kind: 'intervened', minimumRating: 2, kCore: { users: 3, items: 3, passes: 'untilStable' } },
        seed: 0,
        inputs: [{ file: 'loans.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      },
    })
  })

  it('describes without writing, on one document with --json', async () => {
    const made = await split('--json', '--quiet', file, '--preset=temporal', '--test-from', '2026-01-25', ...COLUMNS)
    expect(made.err()).toBe('')
    expect(JSON.parse(made.out())).toMatchObject({
      name: 'loans',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      protocol: 'What happened before 2026-01-25T00:00:00Z trains, and what happened from then on tests.',
      parts: { train: { users: 30 }, test: { gini: expect.any(Number) } },
      origin: { parameters: { testFrom: Date.parse('2026-01-25') / 1000 } },
    })
    expect(await readdir(folder)).toEqual(['loans.csv'])
  })

  it('makes the same split again, and another one of another seed', async () => {
    const hashOf = async (seed: string): Promise<string> => {
      const made = await split(file, '--preset', 'iid', '--seed', seed, ...COLUMNS, '--json', '--quiet')
      return (JSON.parse(made.out()) as { hash: string }).hash
    }
    expect(await hashOf('1')).toBe(await hashOf('1'))
    expect(await hashOf('1')).not.toBe(await hashOf('2'))
  })

  it('writes mixtures with one training part into a folder each', async () => {
    const out = join(folder, 'mix')
    expect((await split(file, '--preset', 'mix', ...COLUMNS, '--out', out)).exitCode).toBe(0)
    expect((await readdir(out)).toSorted()).toEqual(['p-0', 'p-0.5', 'p-0.75', 'p-0.9', 'p-1'])
    const parts = await Promise.all((await readdir(out)).map(async (name) => (await readSplit(join(out, name))).parts))
    for (const { train, test } of parts) {
      expect(train).toEqual(parts[0]?.train)
      expect(test?.columns.length).toBe(90)
    }
    const one = join(folder, 'half')
    await split(file, '--preset', 'mix', '--intervened-share', '0.5', ...COLUMNS, '--out', one)
    expect((await readSplit(one)).hash).toBe((await readSplit(join(out, 'p-0.5'))).hash)
  })

  it('takes the catalogue’s protocols as they are, or splits all of its interactions anew', async () => {
    await mkdir(join(folder, 'adressa'))
    for (const name of ['adressa/train.txt', 'adressa/test.txt']) {
      await writeFile(join(folder, name), name.includes('train') ? '0 0 1\n1 0 1\n2 0 1\n3 0\n' : '3 1\n4 0\n')
    }
    const here = ['--data-root', folder, '--json', '--quiet']
    const shipped = JSON.parse((await split('adressa', '--preset', 'shipped', ...here)).out()) as object
    expect(shipped).toMatchObject({ parts: { train: { interactions: 7 }, test: { interactions: 2 } } })
    const anew = JSON.parse((await split('adressa', '--preset', 'leave-one-out', ...here)).out()) as object
    expect(anew).toMatchObject({
      parts: { train: { interactions: 5 }, test: { interactions: 4 } },
      origin: { inputs: [{ file: 'adressa/train.txt' }, { file: 'adressa/test.txt' }] },
    })
    expect(
      await errorOf('adressa', '--preset', 'shipped', '--test', '0.2', '--data-root', folder),
    ).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --test means nothing with --preset shipped of adressa, which comes in parts; it goes with intervened, paper-60-10-30, mix, iid, temporal, per-item"`,
    )
    expect(
      await errorOf('adressa', '--preset', 'macr', '--user-column', 'x', '--data-root', folder),
    ).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --user-column means nothing with adressa, whose files are known; it goes with a file"`,
    )
  })

  it('makes what gradrec train trains on', async () => {
    const out = join(folder, 'loans')
    await split(file, '--preset', 'leave-one-out', ...COLUMNS, '--out', out)
    const context = testContext()
    const tiny = ['--epochs', '1', '--dimension', '4', '--runs', folder, '--name', 'x', '--json', '--quiet']
    expect(await run(['train', '--dataset', out, ...tiny], context)).toBe(0)
    expect(JSON.parse(context.out())).toMatchObject({
      dataset: { name: 'loans', hash: (await readSplit(out)).hash },
    })
    const refused = testContext()
    expect(await run(['train', '--dataset', out, '--min-rating', '3'], refused)).toBe(2)
    expect(refused.err()).toContain('--min-rating means nothing with dataset')
  })

  it('says in one line what cannot be meant', async () => {
    expect([
      await errorOf(),
      await errorOf(file),
      await errorOf(file, '--preset', 'intervend'),
      await errorOf(file, 'another', '--preset', 'iid'),
      await errorOf(file, '--preset', 'iid', '--seed', 'x'),
      await errorOf(file, '--preset', 'iid', '--weight-cap', '90'),
      await errorOf(file, '--preset', 'iid', '--k-core-once'),
      await errorOf(file, '--preset', 'iid', ...COLUMNS, '--seed', '1.5'),
      await errorOf(file, '--preset', 'iid', ...COLUMNS, '--test', '0.95'),
      await errorOf(file, '--preset', 'temporal', ...COLUMNS.slice(0, 6)),
      await errorOf(file, '--preset', 'temporal', '--test-from', 'monday'),
      await errorOf(file, '--preset', 'temporal', '--test-from', '2026-01-20', '--test', '0.1'),
      await errorOf(file, '--preset', 'mix', '--intervened-share', '0.5,2'),
      await errorOf(file, '--preset', 'iid', '--ignore-times', '--time-column', 'day'),
      await errorOf(join(folder, 'none.csv'), '--preset', 'iid'),
      await errorOf('ml10', '--preset', 'iid'),
      await errorOf(folder, '--preset', 'iid'),
      await errorOf(file, '--preset', 'iid', '--out', folder),
    ]).toMatchInlineSnapshot(`
      [
        "2 error [E_USAGE]: there is nothing to split; expected gradrec split <file or data set> --preset <name>",
        "2 error [E_USAGE]: --preset is missing; expected one of intervened, paper-60-10-30, per-item, iid, leave-one-out, temporal, mix",
        "2 error [E_USAGE]: --preset is "intervend", which is no way to split; did you mean intervened?",
        "2 error [E_USAGE]: "another" stands alone; gradrec split takes one word beside its flags: see gradrec split --help",
        "2 error [E_USAGE]: --seed is "x"; expected a number",
        "2 error [E_USAGE]: --weight-cap means nothing with --preset iid; it goes with intervened, paper-60-10-30, mix",
        "2 error [E_USAGE]: --k-core-once means nothing alone; it goes with --k-core, --k-core-users or --k-core-items",
        "2 error [E_DATA_OPTION]: the seed of the split is 1.5; expected a whole number from 0 to 2^53 − 1",
        "2 error [E_DATA_OPTION]: the shares held out are validation 0.1 and test 0.95; expected numbers, 0 or more, below 1 in sum",
        "2 error [E_DATA_OPTION]: the split temporal needs times, and these interactions have none; name the time column, or take another split",
        "2 error [E_USAGE]: --test-from is "monday"; expected an ISO date such as 2026-01-31, or a number as in the data",
        "2 error [E_USAGE]: --test-from cuts at a time and --validation and --test at shares; expected one of the two ways",
        "2 error [E_USAGE]: --intervened-share is "0.5,2"; expected numbers from 0 to 1, separated by commas",
        "2 error [E_USAGE]: --ignore-times and --time-column exclude each other; expected one of them",
        "1 error [E_DATA_MISSING]: the data is "<folder>/none.csv"; there is no such file: check the path",
        "2 error [E_USAGE]: the data is "ml10", which is neither a known data set nor a file; did you mean ml10m?",
        "2 error [E_USAGE]: the data is "<folder>", a folder; expected a file of interactions",
        "1 error [E_DATA_WRITE]: <folder> exists already; expected a new folder: name another one, or delete it first",
      ]
    `)
  })
})
