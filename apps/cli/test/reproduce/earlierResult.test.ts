import { describe, expect, it } from 'vitest'
import { besideEarlier, withKept, type MeasuredNow } from '../../src/reproduce/earlierResult.ts'
import type { Group } from '../../src/reproduce/group.ts'
import type { ResultFile } from '../../src/reproduce/resultFile.ts'

const machine = { processor: 'CPU', cores: 2, node: 'v20', platform: 'linux x64' }
const origin = { command: 'pnpm reproduce table3', commit: 'c', madeAt: 'then', seeds: [1], machine, engine: 'wasm' }

function resultOf(groups: readonly string[], rest: Partial<ResultFile> = {}): ResultFile {
  return {
    format: 'gradrec-reproduce-2',
    artefact: 'table3',
    title: 'Table III: a title',
    quick: false,
    ...origin,
    comparison: '',
    notes: [],
    tables: [],
    drawings: groups.map((name) => `table3-${name}.svg`),
    cells: groups.map((name) => ({ ...aCell, cell: `${name}-original-s1` })),
    missing: [],
    figures: { groups: groups.map(groupOf) },
    ...rest,
  }
}

const aCell = {
  cell: '',
  seed: 1,
  recipe: null,
  command: '',
  key: '',
  dataset: '',
  dataHash: '',
  protocol: '',
  epoch: 1,
  dials: {},
  engine: 'wasm',
  device: '',
  commit: '',
  trainedAt: '',
}

function groupOf(name: string): Group {
  const [dataset, backbone] = name.split('-') as [Group['dataset'], Required<Group>['backbone']]
  return { dataset, backbone }
}

/** One group was asked for and measured. */
function only(name: string): MeasuredNow {
  return { measured: [groupOf(name)], asked: [name] }
}

function missingOf(...cells: string[]): ResultFile['missing'] {
  return cells.map((cell) => ({ cell, why: 'no recipe' }))
}

describe('besideEarlier', () => {
  it('takes over what was not measured now, in the paper’s order', () => {
    const measured = [{ ...groupOf('netflix-mf'), isNew: true }]
    const earlier = resultOf(['gowalla-mf', 'netflix-mf', 'ml10m-lgn', 'ml10m-mf'])
    expect(besideEarlier(measured, earlier)).toEqual([
      groupOf('ml10m-mf'),
      groupOf('ml10m-lgn'),
      { ...groupOf('netflix-mf'), isNew: true },
      groupOf('gowalla-mf'),
    ])
  })

  it.each([
    ['no earlier result', undefined],
    ['one that measured nothing', resultOf([])],
    ['one without groups', resultOf([], { figures: [1, 2] })],
    [
      'one of data that is not the paper’s',
      resultOf([], { figures: { groups: [{ dataset: 'mine', backbone: 'mf' }] } }),
    ],
  ])('takes over nothing of %s', (_, earlier) => {
    expect(besideEarlier([groupOf('ml10m-mf')], earlier)).toEqual([groupOf('ml10m-mf')])
  })
})

describe('withKept', () => {
  it('has trainings, drawings and origins of kept groups alone', () => {
    const earlier = resultOf(['ml10m-mf', 'adressa-mf'], { commit: 'old' })
    const now = resultOf(['adressa-mf'], { commit: 'new' })
    const { cells, drawings, kept } = withKept(now, earlier, only('adressa-mf'))
    expect(cells.map(({ cell }) => cell)).toEqual(['ml10m-mf-original-s1', 'adressa-mf-original-s1'])
    expect(drawings).toEqual(['table3-ml10m-mf.svg', 'table3-adressa-mf.svg'])
    expect(kept).toEqual([{ ...origin, commit: 'old', groups: ['ml10m-mf'] }])
  })

  it('knows where groups come from that were kept twice, and forgets who made what was made again', () => {
    const first = resultOf(['ml10m-mf', 'netflix-mf'], { commit: 'first' })
    const asks = (result: ResultFile, before: ResultFile, name: string): ResultFile =>
      withKept({ ...result, figures: { groups: besideEarlier([groupOf(name)], before) } }, before, only(name))
    const second = asks(resultOf(['adressa-mf'], { commit: 'second' }), first, 'adressa-mf')
    const third = asks(resultOf(['netflix-mf'], { commit: 'third' }), second, 'netflix-mf')
    expect(third.kept?.map(({ commit, groups }) => [commit, groups])).toEqual([
      ['first', ['ml10m-mf']],
      ['second', ['adressa-mf']],
    ])
  })

  it('knows rows that were kept in a group measured again, and knows them still when that group is kept', () => {
    const first = resultOf(['gowalla-mf'], {
      commit: 'first',
      cells: ['original', 'macr', 'gradient'].map((method) => ({ ...aCell, cell: `gowalla-mf-${method}-s1` })),
    })
    const again = resultOf(['gowalla-mf'], { commit: 'second', cells: [{ ...aCell, cell: 'gowalla-mf-gradient-s1' }] })
    const second = withKept(again, first, {
      ...only('gowalla-mf'),
      keptRows: ['gowalla-mf-original', 'gowalla-mf-macr'],
    })
    expect(second.cells.map(({ cell }) => cell)).toEqual([
      'gowalla-mf-gradient-s1',
      'gowalla-mf-original-s1',
      'gowalla-mf-macr-s1',
    ])
    const origins = ({ kept = [] }: ResultFile) => kept.map(({ commit, groups }) => [commit, groups])
    expect(origins(second)).toEqual([['first', ['gowalla-mf-original', 'gowalla-mf-macr']]])
    // Another group comes, and Gowalla's is kept as a whole: gradient of the second result, the others of the first.
    const third = withKept(resultOf(['ml10m-mf'], { commit: 'third' }), second, only('ml10m-mf'))
    expect(origins(third)).toEqual([
      ['first', ['gowalla-mf-original', 'gowalla-mf-macr']],
      ['second', ['gowalla-mf']],
    ])
    // MACR is measured too: one row is left of the first.
    const fourth = withKept(again, third, { ...only('gowalla-mf'), keptRows: ['gowalla-mf-original'] })
    expect(origins(fourth)).toEqual([
      ['first', ['gowalla-mf-original']],
      ['third', ['ml10m-mf']],
    ])
  })

  it('says what is missing of groups that were asked for anew, and of others as before', () => {
    const earlier = resultOf(['ml10m-mf', 'netflix-mf'], {
      missing: missingOf('ml10m-mf-macr', 'adressa-lgn-cause', 'gowalla-lgn-original'),
    })
    const now = resultOf(['adressa-lgn'], { missing: missingOf('adressa-lgn-dice', 'netflix-mf-dice') })
    // Netflix was asked for and could not be measured, so that what was measured of it before is kept: nothing is missing there.
    const { missing } = withKept(now, earlier, { ...only('adressa-lgn'), asked: ['adressa-lgn', 'netflix-mf'] })
    expect(missing.map(({ cell }) => cell)).toEqual(['ml10m-mf-macr', 'adressa-lgn-dice', 'gowalla-lgn-original'])
  })

  it('knows the groups of Fig. 7, whose data set is split anew', () => {
    const cells = [{ ...aCell, cell: 'ml10m-mix-mf-gradient-s1' }]
    const earlier = resultOf(['ml10m-mf'], { cells })
    expect(withKept(resultOf([]), earlier, only('netflix-mf')).cells).toEqual(cells)
    expect(withKept(resultOf([]), earlier, only('ml10m-mf')).cells).toEqual([])
  })
})
