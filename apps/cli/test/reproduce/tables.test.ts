import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTimings, table4 } from '../../src/reproduce/artefacts/table4.ts'
import type { ArtefactContext } from '../../src/reproduce/artefact.ts'
import { readPaper } from '../../src/reproduce/paper.ts'
import { markdownOf, terminalTable } from '../../src/reproduce/plainTable.ts'
import { secondsPerEpochOf } from '../../src/reproduce/runEvents.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const paper = await readPaper(join(import.meta.dirname, '../../../../benchmarks'))

describe('Table IV', () => {
  const result = {
    format: 'gradrec-bench-1',
    part: 'table4',
    measuredAt: '2026-01-01T00:00:00.000Z',
    commit: 'abcdef0123456789',
    command: 'pnpm bench table4',
    quick: false,
    machine: { processor: 'CPU', cores: 2, memoryBytes: 1 },
    engine: { name: 'wasm', device: { name: 'CPU', reason: 'asked for', kind: 'software' } },
    figures: {
      groups: [
        {
          dataset: 'ml10m',
          source: 'simulated',
          backbone: 'mf',
          batch: 1024,
          batchOf: 'device',
          methods: [
            { label: 'original', method: 'original', extrapolated: false, secondsPerEpoch: { median: 4.7 }, ratio: 1 },
            {
              label: 'gradient',
              method: 'gradient',
              extrapolated: true,
              secondsPerEpoch: { median: 102 },
              ratio: 21.7,
            },
            {
              label: 'gradient, learned',
              method: 'gradient',
              extrapolated: true,
              secondsPerEpoch: { median: 1 },
              ratio: 1,
            },
          ],
        },
      ],
    },
  }

  it('comes from what the benchmark measured, of the first folder that has it', async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()]
    await writeFile(join(first, 'table4-wasm-cpu.json'), JSON.stringify(result))
    await writeFile(join(first, 'roofline-wasm-cpu.json'), JSON.stringify(result))
    await writeFile(join(second, 'table4-wasm-cpu.json'), JSON.stringify({ ...result, commit: 'older' }))
    await writeFile(join(second, 'table4-other.json'), JSON.stringify({ ...result, format: 'gradrec-bench-0' }))
    const found = await readTimings([first, second, join(second, 'nowhere')])
    expect(found.map(({ commit }) => commit)).toEqual(['abcdef0123456789'])

    const selection = { quick: false } as ArtefactContext['selection']
    const datasets = ['ml10m'] as const
    const context = { selection, datasets, paper, benchResults: [first] } as unknown as ArtefactContext
    const { tables, comparison } = await table4.make(context)
    expect(tables[0]?.rows).toEqual([
      ['original', '4.70', '1.00', '47', '1.00'],
      ['gradient', '~102.00', '21.70', '51', '1.09'],
      ['gradient, learned', '~1.00', '1.00', '51', '1.09'],
    ])
    // 47 / 4.7 and 51 / 102; the third row is not the paper's.
    expect(comparison).toContain('1 of 2 epochs are faster than the paper’s V100: 0.5 to 10.0 times as fast')
  })

  it('says what to do where nothing was measured', async () => {
    const context = { selection: { quick: false }, datasets: ['ml10m'], paper, benchResults: [] }
    const { comparison, tables } = await table4.make(context as unknown as ArtefactContext)
    expect(comparison).toBe('not measured yet: pnpm bench table4')
    expect(tables).toEqual([])
  })
})

describe('tables as text', () => {
  const table = {
    caption: 'a caption',
    columns: ['name', 'value'],
    rows: [
      ['a|b', '1.5'],
      ['longer *name*', '−12'],
    ],
  }

  it('align numbers to the right for a terminal, and escape for Markdown', () => {
    expect(terminalTable(table)).toBe('a caption\n\nname           value\na|b              1.5\nlonger *name*    −12')
    expect(markdownOf(table)).toBe(
      '| name            | value |\n| --------------- | ----- |\n| a\\|b            | 1.5   |\n| longer \\*name\\* | −12   |',
    )
  })
})

describe('seconds of an epoch', () => {
  it('are of epochs, validations and checkpoints together', () => {
    expect(secondsPerEpochOf([])).toBeUndefined()
    expect(
      secondsPerEpochOf([
        { type: 'progress', seconds: 9 },
        { type: 'epoch', seconds: 2 },
      ]),
    ).toBe(2)
  })
})
