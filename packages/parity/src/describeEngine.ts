import type { Engine } from '@gradrec/engine'
import { afterAll, beforeAll, describe } from 'vitest'
import { fitSuite } from './fitSuite.ts'
import { propagateSuite } from './propagateSuite.ts'
import { rankSuite } from './rankSuite.ts'
import { rankVariantsSuite } from './rankVariantsSuite.ts'
import { refusalSuite } from './refusalSuite.ts'
import { sameBitsSuite } from './sameBitsSuite.ts'

export interface DescribeOptions {
  /** Engines that must give the same bits as the one described, by what is different about them: `three threads`. */
  readonly sameBitsWith?: Readonly<Record<string, () => Promise<Engine>>>
}

/**
 * Declares, in a vitest file, the tests that every engine must pass: training, ranking and propagation against the float64
 * oracle, the same bits from the same spec, and refusals.
 *
 *     describeEngine('wasm', () => openWasmEngine({ threads: 2 }), 'two threads')
 *
 * @param open opens the engine, once; it is closed after the tests
 * @param tuning how this engine is set up, where one file describes several
 */
export function describeEngine(
  name: string,
  open: () => Promise<Engine>,
  tuning?: string,
  { sameBitsWith = {} }: DescribeOptions = {},
): void {
  describe(tuning === undefined ? name : `${name}, ${tuning}`, () => {
    let opened: Engine | undefined
    const engine = (): Engine => {
      if (opened === undefined) throw new Error('the engine is not open yet: ask for it inside a test')
      return opened
    }
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(async () => {
      await opened?.close()
    })
    describe('fit', () => fitSuite(engine))
    describe('same bits', () => sameBitsSuite(engine, sameBitsWith))
    describe('rank', () => rankSuite(engine))
    describe('rank variants', () => rankVariantsSuite(engine))
    describe('propagate', () => propagateSuite(engine))
    describe('refuses', () => refusalSuite(engine))
  })
}
