import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/index.ts'
import type { ResultFile } from '../../src/reproduce/resultFile.ts'
import { temporaryFolder } from '../temporaryFolder.ts'
import { quickContext, resultIn, trainedIn } from './quickRun.ts'

/** Two quick runs into one folder of results, the second without the first's trainings. */
async function twoRuns(...asked: string[]) {
  const [elsewhere, runs, out] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()]
  const runIn = async (cache: string, more: readonly string[]): Promise<void> => {
    const argv = [
      'reproduce',
      ...asked,
      ...more,
      '--quick',
      '--backbones',
      'mf',
      '--quiet',
      '--runs',
      cache,
      '--out',
      out,
    ]
    expect(await run(argv, quickContext())).toBe(0)
  }
  return {
    out,
    runs,
    first: (...more: string[]) => runIn(elsewhere, more),
    second: (...more: string[]) => runIn(runs, more),
  }
}

function groupsOf({ figures }: ResultFile): readonly { readonly dataset: string }[] {
  return (figures as { readonly groups: readonly { readonly dataset: string }[] }).groups
}

describe('results of gradrec reproduce', () => {
  it('lays new groups out beside those of an earlier result, whose trainings may be gone', async () => {
    const { out, runs, first, second } = await twoRuns('fig8')
    await first('--datasets', 'gowalla')
    const before = await resultIn(out, 'fig8')
    await second('--datasets', 'adressa')
    expect(Object.values(trainedIn(runs))).toEqual([3])
    const both = await resultIn(out, 'fig8')
    // In the paper's order, not in that of measuring.
    expect(groupsOf(both).map(({ dataset }) => dataset)).toEqual(['adressa', 'gowalla'])
    expect(groupsOf(both)[1]).toEqual(groupsOf(before)[0])
    expect(both.tables.map(({ caption }) => caption.split(',')[0])).toEqual([
      'Adressa',
      'Gowalla',
      'What the paper says about the figure',
    ])
    expect(both.drawings).toEqual(['fig8-adressa-mf.svg', 'fig8-gowalla-mf.svg'])
    expect(both.cells.map(({ cell }) => cell)).toEqual(['adressa-mf-gradient-s1', 'gowalla-mf-gradient-s1'])
    const { command, commit, madeAt, seeds, machine, engine } = before
    expect(both.kept).toEqual([{ groups: ['gowalla-mf'], command, commit, madeAt, seeds, machine, engine }])
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Gowalla with MF: ')
  })

  it('keeps the rows of a group that are not trained again', async () => {
    const { out, first, second } = await twoRuns('table3', '--datasets', 'adressa')
    await first('--methods', 'original,ips')
    await second('--methods', 'ips,gradient')
    const { figures, cells, kept } = await resultIn(out, 'table3')
    const { groups } = figures as {
      readonly groups: readonly { readonly rows: readonly { readonly label: string; readonly ours?: unknown }[] }[]
    }
    const trained = groups[0]?.rows.filter(({ ours }) => ours !== undefined).map(({ label }) => label)
    expect(trained).toEqual(['original', 'ips', 'gradient', 'item-knn', 'most-popular'])
    expect(cells.map(({ cell }) => cell)).toEqual([
      'adressa-mf-ips-s1',
      'adressa-mf-gradient-s1',
      'adressa-mf-original-s1',
    ])
    expect(kept?.map(({ groups: names }) => names)).toEqual([['adressa-mf-original']])
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Adressa with MF (original): ')
  })

  it('lays data sets out beside each other that are counted one by one', async () => {
    const { out, first, second } = await twoRuns('table1', 'table2')
    await first('--datasets', 'netflix')
    await second('--datasets', 'ml10m')
    for (const artefact of ['table1', 'table2']) {
      const both = await resultIn(out, artefact)
      expect(groupsOf(both).map(({ dataset }) => dataset)).toEqual(['ml10m', 'netflix'])
      expect(both.kept?.map(({ groups }) => groups)).toEqual([['netflix']])
    }
    const { tables } = await resultIn(out, 'table2')
    expect(tables[0]?.rows.map(([name]) => name)).toEqual(['MovieLens-10M', 'Netflix'])
  })

  it('does not take the place of a result', async () => {
    const folder = await temporaryFolder()
    expect(
      await run(
        ['reproduce', 'fig8', '--quick', '--datasets', 'adressa', '--backbones', 'mf', '--runs', folder],
        quickContext(),
      ),
    ).toBe(0)
    const look = await resultIn(folder, 'fig8')
    await writeFile(join(folder, 'fig8.json'), JSON.stringify({ ...look, quick: false }))
    const context = quickContext()
    expect(await run(['reproduce', 'fig8', '--quick', '--datasets', 'adressa', '--out', folder], context)).toBe(2)
    expect(context.err()).toContain(
      'fig8.json is a result and would be replaced by a quick look; choose another folder',
    )
    expect(await resultIn(folder, 'fig8')).toMatchObject({ quick: false, madeAt: look.madeAt })
  })
})
