import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/index.ts'
import { NOT_A_RESULT } from '../../src/reproduce/quickData.ts'
import type { ResultFile } from '../../src/reproduce/resultFile.ts'
import { gradrec } from '../gradrecProcess.ts'
import { temporaryFolder } from '../temporaryFolder.ts'
import { testContext, type TestContext } from '../testContext.ts'
import { quickContext, resultIn, trainedIn } from './quickRun.ts'

async function errorOf(...argv: string[]): Promise<string> {
  const context = testContext()
  const exitCode = await run(['reproduce', ...argv], context)
  expect(context.out()).toBe('')
  expect(context.err().trimEnd().split('\n')).toHaveLength(1)
  return `${exitCode} ${context.err().trimEnd()}`
}

describe('gradrec reproduce refuses', () => {
  it.each([
    [[], '2 error [E_USAGE]: nothing is named to reproduce; expected one or more of table1, table2'],
    [['tabel3'], '2 error [E_USAGE]: "tabel3" is no table or figure that can be reproduced; did you mean table3?'],
    [['fig2'], '2 error [E_USAGE]: "fig2" is no table or figure that can be reproduced; did you mean fig1?'],
    [
      ['poster'],
      '2 error [E_USAGE]: "poster" is no table or figure that can be reproduced; expected one or more of table1',
    ],
    [['all', '--plann'], '2 error [E_USAGE]: --plann is not a flag of gradrec reproduce; did you mean --plan?'],
    [['all', '--datasets', 'ml10m,addressa'], '2 error [E_USAGE]: --datasets names "addressa"; did you mean adressa?'],
    [
      ['all', '--backbones', 'transformer'],
      '2 error [E_USAGE]: --backbones names "transformer"; expected one or more of mf, lgn',
    ],
    [['table3', '--methods', 'popgo'], '2 error [E_USAGE]: --methods names "popgo"; expected one or more of original'],
    [['all', '--seeds', '1,two'], '2 error [E_USAGE]: --seeds is "1,two"; expected whole numbers, 0 or more'],
    [['all', '--seeds'], '2 error [E_USAGE]: --seeds lacks its value; expected --seeds <integer,…>'],
    [['all', '--out='], '2 error [E_USAGE]: --out is ""; expected a folder'],
    [
      ['table1', '--benchmarks', '/nowhere'],
      '2 error [E_USAGE]: /nowhere/paper.json is missing, which holds the paper’s',
    ],
    [['table1', '--data-root', '/nowhere'], '1 error [E_DATA_MISSING]: ml10m: train_coo_record.npz'],
  ] as const)('%j', async (argv, message) => {
    expect(await errorOf(...argv)).toContain(message)
  })

  it('nothing for words among flags', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    expect(await run(['reproduce', '--quick', 'table1', '--runs', runs, 'table2'], context)).toBe(0)
    expect(readdirSync(runs).toSorted()).toEqual([
      'report.html',
      'table1.json',
      'table1.md',
      'table2.json',
      'table2.md',
    ])
  })
})

describe('gradrec reproduce --help', () => {
  it('names what can be reproduced, and shows how', async () => {
    const context = testContext()
    expect(await run(['reproduce', '--help'], context)).toBe(0)
    for (const text of ['table1, table2, table3', '--seeds', 'gradrec reproduce all --plan']) {
      expect(context.out()).toContain(text)
    }
  })
})

/** What takes little: two trainings. */
const SMALL = ['table5', 'fig8', '--quick', '--datasets', 'adressa', '--backbones', 'mf']

describe('gradrec reproduce --quick', () => {
  it('trains, writes everything with the warning that it is no result, and trains nothing twice', async () => {
    const [runs, out] = [await temporaryFolder(), join(await temporaryFolder(), 'out')]
    const first = quickContext()
    expect(await run(['reproduce', ...SMALL, '--runs', runs, '--out', out], first)).toBe(0)
    expect(first.err()).toContain('2 trainings to do, 0 in the cache')
    expect(Object.values(trainedIn(runs))).toEqual([3, 3])
    expect(readdirSync(out).toSorted()).toEqual([
      'fig8-adressa-mf.svg',
      'fig8.json',
      'fig8.md',
      'report.html',
      'table5.json',
      'table5.md',
    ])
    for (const file of readdirSync(out)) expect(readFileSync(join(out, file), 'utf8')).toContain('not a result')
    expect(first.out()).toContain(NOT_A_RESULT)

    const table5 = await resultIn(out, 'table5')
    expect(table5).toMatchObject({ artefact: 'table5', quick: true, warning: NOT_A_RESULT, seeds: [1], missing: [] })
    expect(table5.command).toBe('pnpm reproduce table5 fig8 --quick --datasets adressa --backbones mf --runs … --out …')
    expect(table5.cells.map(({ cell }) => cell)).toEqual(['adressa-mf-gradient-s1', 'adressa-mf-gradient-noNorm-s1'])
    const { groups } = table5.figures as {
      readonly groups: readonly { readonly rows: readonly { readonly dials: readonly Record<string, number>[] }[] }[]
    }
    const [group] = groups
    const [ours, , userOff, itemOff] = group?.rows.map(({ dials }) => dials[0]) ?? []
    // α1 is the user's in this table, and the other dial stays where it was.
    expect(userOff).toEqual({ ...ours, alphaUser: 0 })
    expect(itemOff).toEqual({ ...ours, alphaItem: 0 })

    const second = quickContext()
    expect(await run(['reproduce', ...SMALL, '--runs', runs, '--out', out], second)).toBe(0)
    expect(second.err()).toContain('0 trainings to do, 2 in the cache')
    expect(Object.values(trainedIn(runs))).toEqual([3, 3])
    const again = await resultIn(out, 'table5')
    expect({ ...again, madeAt: '' }).toEqual({ ...table5, madeAt: '' })
  })

  it('shows a plan, as a table or as JSON, and trains nothing', async () => {
    const runs = join(await temporaryFolder(), 'runs')
    const context = quickContext()
    const argv = ['reproduce', 'table3', '--quick', '--runs', runs, '--seeds', '1,2', '--plan']
    expect(await run([...argv, '--json', '--methods', 'original,dice'], context)).toBe(0)
    const plan = JSON.parse(context.out()) as { readonly runs: readonly { readonly cell: string }[] }
    // Four data sets, two backbones, two methods, two seeds.
    expect(plan.runs).toHaveLength(32)
    expect(plan.runs[0]).toMatchObject({ cell: 'ml10m-mf-original', seed: 1, epochsLeft: 3, estimatedFrom: 'guess' })
    const table = quickContext()
    expect(await run(argv, table)).toBe(0)
    expect(table.out()).toContain('96 trainings to do')
    expect(existsSync(runs)).toBe(false)
  })

  it('makes means over seeds, and shows rows that have been trained and not asked for', async () => {
    const runs = await temporaryFolder()
    const argv = ['reproduce', 'table3', '--quick', '--runs', runs, '--datasets', 'gowalla', '--backbones', 'mf']
    expect(await run([...argv, '--methods', 'pd', '--quiet'], quickContext())).toBe(0)
    const context = quickContext()
    expect(await run([...argv, '--methods', 'original,gradient', '--seeds', '1,2', '--json'], context)).toBe(0)
    const { results } = JSON.parse(context.out()) as { readonly results: readonly [ResultFile] }
    const { groups } = results[0].figures as {
      readonly groups: readonly { readonly rows: readonly { readonly label: string; readonly seeds: number[] }[] }[]
    }
    expect(groups[0]?.rows.map(({ label, seeds }) => [label, seeds])).toEqual([
      ['original', [1, 2]],
      ['ips', []],
      ['cause', []],
      ['dice', []],
      ['macr', []],
      ['gradient', [1, 2]],
      ['pd', [1]],
      ['item-knn', []],
      ['most-popular', []],
    ])
    expect(results[0].tables[0]?.rows[0]?.[1]).toMatch(/^0\.\d{4} ± 0\.\d{4}$/)
    expect(results[0].drawings).toEqual(['table3-gowalla-mf.svg'])
    const drawing = await readFile(join(runs, 'table3-gowalla-mf.svg'), 'utf8')
    expect([...drawing.matchAll(/<circle/g)]).toHaveLength(2)
    expect(drawing).toContain('aria-label="rule"')
    expect(drawing).toContain('not a result')
  })

  it('says how Fig. 7 was trained without saying where', async () => {
    const runs = await temporaryFolder()
    const argv = [
      'reproduce',
      'fig7',
      '--quick',
      '--datasets',
      'adressa',
      '--backbones',
      'mf',
      '--quiet',
      '--runs',
      runs,
    ]
    expect(await run(argv, quickContext())).toBe(0)
    const { cells } = await resultIn(runs, 'fig7')
    expect(cells.map(({ command }) => /--dataset (\S+)/.exec(command)?.[1])).toEqual([
      '…/splits/adressa-mix-quick',
      '…/splits/adressa-mix-quick',
    ])
  })

  it('goes on after Ctrl-C where it stopped', async () => {
    const runs = await temporaryFolder()
    let pressed = false
    const context: TestContext = quickContext((text) => {
      if (pressed || !text.startsWith('training  2/2')) return
      pressed = true
      context.interrupt()
    })
    expect(await run(['reproduce', ...SMALL, '--runs', runs], context)).toBe(130)
    expect(context.err()).toContain(`kept in ${runs}: the same command goes on where this one stopped`)
    expect(existsSync(join(runs, 'table5.json'))).toBe(false)
    const again = quickContext()
    expect(await run(['reproduce', ...SMALL, '--runs', runs], again)).toBe(0)
    expect(again.err()).toContain('1 training to do, 1 in the cache')
    expect(Object.values(trainedIn(runs))).toEqual([3, 3])
  })

  it('gives after a kill what it gives without', async () => {
    const [whole, killed] = [await temporaryFolder(), await temporaryFolder()]
    const argv = ['reproduce', ...SMALL, '--engine', 'wasm', '--threads', '1', '--runs']
    expect(await gradrec([...argv, whole])).toMatchObject({ exitCode: 0 })
    const { exitCode } = await gradrec([...argv, killed], {
      onErr: (err, pid) => {
        if (err.includes('1/2 adressa-mf-gradient seed 1: done')) process.kill(pid, 'SIGKILL')
      },
    })
    expect(exitCode).toBeNull()
    expect(existsSync(join(killed, 'table5.json'))).toBe(false)
    const again = await gradrec([...argv, killed])
    expect(again.exitCode).toBe(0)
    expect(again.err).toContain('1 training to do, 1 in the cache')
    for (const artefact of ['table5', 'fig8']) {
      const [a, b] = [await resultIn(whole, artefact), await resultIn(killed, artefact)]
      expect(a.figures).toEqual(b.figures)
      expect(a.tables).toEqual(b.tables)
    }
  })
})

describe('gradrec reproduce with a training that diverges', () => {
  it('leaves its cell empty, makes the others, and fails in the end', async () => {
    const [benchmarks, runs] = [await temporaryFolder(), await temporaryFolder()]
    await mkdir(join(benchmarks, 'recipes'))
    const paper = join(import.meta.dirname, '../../../../benchmarks/paper.json')
    await writeFile(join(benchmarks, 'paper.json'), await readFile(paper))
    const tiny = `dataset: simulated
users: 60
items: 40
trainInteractions: 600
validationInteractions: 100
testInteractions: 150
biasedTestInteractions: 60
dimension: 8
batch: 64
epochs: 2
`
    await writeFile(join(benchmarks, 'recipes', 'ml10m-mf.yaml'), tiny)
    const diverging = `${tiny}optimizer: sgd\nlearningRate: 1e30\n`
    await writeFile(join(benchmarks, 'recipes', 'ml10m-mf-gradient-noNorm.yaml'), diverging)
    const context = quickContext()
    const argv = ['table5', '--datasets', 'ml10m', '--backbones', 'mf', '--benchmarks', benchmarks, '--runs', runs]
    expect(await run(['reproduce', ...argv], context)).toBe(1)
    expect(context.err()).toMatch(/failed +ml10m-mf-gradient-noNorm seed 1: /)
    const { tables, missing } = await resultIn(runs, 'table5')
    expect(tables[0]?.rows.map((row) => row[1]?.slice(0, 1))).toEqual(['0', '–', '0', '0'])
    expect(missing.map(({ cell }) => cell)).toEqual(['ml10m-mf-gradient-noNorm'])
  })
})

describe('gradrec reproduce without recipes', () => {
  it('says what cannot be trained, and leaves it empty', async () => {
    const benchmarks = await temporaryFolder()
    await mkdir(join(benchmarks, 'recipes'))
    const paper = join(import.meta.dirname, '../../../../benchmarks/paper.json')
    await writeFile(join(benchmarks, 'paper.json'), await readFile(paper))
    const context = quickContext()
    const runs = await temporaryFolder()
    const argv = ['table5', '--datasets', 'ml10m', '--benchmarks', benchmarks, '--runs', runs]
    expect(await run(['reproduce', ...argv], context)).toBe(0)
    expect(context.err()).toContain(
      'cannot be trained: ml10m-mf-gradient, ml10m-mf-gradient-noNorm, ml10m-lgn-gradient',
    )
    const { missing, comparison } = await resultIn(runs, 'table5')
    expect(missing).toHaveLength(4)
    expect(comparison).toContain('nothing measured yet')
  })
})
