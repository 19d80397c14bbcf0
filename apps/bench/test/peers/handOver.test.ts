import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csrFromPairs } from '@gradrec/engine'
import { decodeNpy } from '@gradrec/model-files'
import { writeHandOver } from '../../src/peers/handOver.ts'
import { readHandOver } from '../../src/peers/readHandOver.ts'
import { TRAINING } from '../../src/peers/trainingSettings.ts'
import { trainingTriples } from '../../src/peers/trainingTriples.ts'

const train = csrFromPairs(Uint32Array.of(0, 0, 1, 2, 2), Uint32Array.of(3, 1, 0, 2, 3), 3, 5)
const settings = { ...TRAINING, dimension: 8, batches: { mf: 2, lgn: 4 } }
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradrec-hand-over-'))
  await writeHandOver(folder, train, settings, { mf: 2, lgn: 0 })
})

afterAll(() => rm(folder, { recursive: true }))

describe('the folder that peers train from', () => {
  it('gives back what was written', async () => {
    const handed = await readHandOver(folder)
    expect(handed.settings).toEqual({ ...settings, users: 3, items: 5 })
    expect(handed.interactions).toEqual(train)
    expect(handed.initialTable).toHaveLength((3 + 5) * 8)
  })

  it('has a table of the scale asked for', async () => {
    const { initialTable } = await readHandOver(folder)
    const meanSquare = initialTable.reduce((sum, value) => sum + value * value, 0) / initialTable.length
    // 64 normal draws: their mean square is within half of the variance 0.01 with all but certainty, and the seed is fixed.
    expect(Math.sqrt(meanSquare)).toBeGreaterThan(0.07)
    expect(Math.sqrt(meanSquare)).toBeLessThan(0.13)
  })

  it.each([
    ['mf', 2],
    ['lgn', 1],
  ] as const)('has the triples of %s at its own batch, of one epoch at least', async (model, epochs) => {
    const { rows, dimension, values } = decodeNpy('triples', await readFile(join(folder, `triples-${model}.npy`)))
    expect([rows, dimension]).toEqual([epochs * 5, 3])
    const { seed, batches } = settings
    expect(values).toEqual(trainingTriples({ interactions: train, batch: batches[model], epochs, seed }))
  })

  it('begins its arrays where NumPy looks for them', async () => {
    const file = await readFile(join(folder, 'initialTable.npy'))
    expect(file.toString('latin1', 1, 6)).toBe('NUMPY')
    expect((10 + file.readUInt16LE(8)) % 64).toBe(0)
    expect(file.toString('latin1', 10, 80)).toContain("'descr': '<f4', 'fortran_order': False, 'shape': (8, 8)")
  })
})
