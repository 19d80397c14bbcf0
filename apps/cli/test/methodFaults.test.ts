import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporaryFolder.ts'
import { TINY } from './testContext.ts'
import { gradrec } from './tinyRun.ts'

// What options and data cannot be together is one sentence before any training.
describe('gradrec train refuses', () => {
  it.each([
    ['--method cause --loss bce --treatment-from part', 'E_DATASET', 'the data set has no such part; expected data'],
    ['--method cause --loss bpr', 'E_USAGE', '--loss is "bpr"; expected bce: method cause has a loss of its own'],
    [
      '--method cause --loss bce --discrepancy dCor',
      'E_USAGE',
      '--discrepancy is "dCor"; expected one of l2, l1, none',
    ],
    [
      '--method cause --treatment-share 1.5',
      'E_USAGE',
      '--treatment-share is 1.5; expected a number from 0.001 to 0.999',
    ],
    ['--method dice --pool 41', 'E_CONFIG', 'pool is 41; expected at most the 40 items there are'],
    ['--method dice --pool 2.5', 'E_USAGE', '--pool is 2.5; expected a whole number, 1 or more'],
    ['--method dice --interest 1e300', 'E_USAGE', '--interest is 1e+300; expected a number from 0 to 3.4e+38'],
    [
      '--method ips --weights dividedScores --smoothness 20',
      'E_USAGE',
      '--smoothness is 20; expected a number from 0 to 10',
    ],
    ['--method pda --gamma 3', 'E_USAGE', '--gamma is 3; expected a number from 0 to 2'],
  ] as const)('%s', async (flags, code, message) => {
    const argv = [...TINY, ...flags.split(' '), '--runs', await temporaryFolder(), '--quiet']
    const { exitCode, err } = await gradrec('train', ...argv)
    expect(exitCode).toBe(code === 'E_DATASET' ? 1 : 2)
    expect(err).toMatch(/^error \[\w+\]: [^\n]+\n$/)
    expect(err).toContain(`[${code}]`)
    expect(err).toContain(message)
  })
})
