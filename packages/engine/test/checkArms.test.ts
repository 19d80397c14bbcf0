import { describe, expect, it } from 'vitest'
import { csrFromPairs, type FitSpec } from '../src/index.ts'
import { adam, complaint } from './goodSpec.ts'

describe('arms in checkFitSpec', () => {
  it('checks arms', () => {
    /** Three items an arm. User 0 has two of the control and two of the treatment arm, user 1 one of the treatment arm. */
    const both = csrFromPairs([0, 0, 0, 0, 1], [0, 2, 3, 4, 5], 2, 6)
    const arms = { users: 'shared', discrepancy: { kind: 'l2', weight: 0.01 } } as const
    const inArms = { interactions: both, initialTable: new Float32Array(32), arms }
    const complaintOf = (change: Partial<FitSpec>): string => complaint({ ...inArms, ...change })
    expect(complaintOf({})).toBe('none')
    expect(complaintOf({ arms: { ...arms, discrepancy: { kind: 'none', weight: 0 } } })).toBe('none')
    expect(complaintOf({ objective: { kind: 'bce', l2: 0, negativeWeight: 4 } })).toBe('none')
    expect(complaintOf({ optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 } })).toBe('none')
    expect(complaintOf({ backbone: { kind: 'lgn', layers: 2 }, recording: 'none' })).toBe('none')
    expect(complaint({ arms })).toMatchInlineSnapshot(`"3 columns with arms; expected an even number"`)
    expect(complaintOf({ arms: { ...arms, discrepancy: { kind: 'l1', weight: -1 } } })).toMatchInlineSnapshot(
      `"discrepancy is -1; expected a number, 0 or more"`,
    )
    const macr = { kind: 'macr', l2: 0, itemWeight: 0.1, userWeight: 0.1 } as const
    expect(complaintOf({ objective: macr })).toMatchInlineSnapshot(
      `"objective is "macr" with arms; expected bpr or bce"`,
    )
    expect(complaintOf({ recording: 'vector' })).toMatchInlineSnapshot(
      `"recording is "vector" with arms; expected "none""`,
    )
    const margin = { popularity: new Uint32Array(6), margin: 1, decay: 1, pool: 1, downRule: 'half' } as const
    expect(complaintOf({ sampler: { positives: 'interaction', negatives: 1, margin } })).toMatchInlineSnapshot(
      `"negatives are drawn by margin with arms; expected uniform ones"`,
    )
    expect(complaintOf({ optimizer: { ...adam, update: 'lazy' } })).toMatchInlineSnapshot(
      `"update is "lazy" with arms, whose discrepancy reaches rows that are not drawn; expected "dense""`,
    )
    expect(complaintOf({ optimizer: { ...adam, update: 'dense' } })).toBe('none')
  })

  it('checks that each arm has a negative left for its users, though the other arm had', () => {
    const arms = { users: 'shared', discrepancy: { kind: 'l2', weight: 0.01 } } as const
    const taller = { initialTable: new Float32Array(32), arms }
    const control = csrFromPairs([0, 1, 1, 1], [0, 0, 1, 2], 2, 6)
    expect(complaint({ ...taller, interactions: control })).toMatchInlineSnapshot(
      `"user number 1 has all 3 items of the control arm, which leaves no negative to sample"`,
    )
    const treatment = csrFromPairs([0, 1, 1, 1], [0, 3, 4, 5], 2, 6)
    expect(complaint({ ...taller, interactions: treatment })).toMatchInlineSnapshot(
      `"user number 1 has all 3 items of the treatment arm, which leaves no negative to sample"`,
    )
  })

  it('checks that users apart keep to their own arm', () => {
    const arms = { users: 'apart', discrepancy: { kind: 'l2', weight: 0.01 } } as const
    const of = (rowOf: number[], columnOf: number[], rows = 2): string =>
      complaint({
        interactions: csrFromPairs(rowOf, columnOf, rows, 6),
        initialTable: new Float32Array((rows + 6) * 4),
        arms,
      })
    expect(of([0, 0, 1], [0, 2, 4])).toBe('none')
    expect(of([1, 1], [3, 4])).toBe('none')
    expect(of([0, 0, 1], [0, 2, 4], 3)).toMatchInlineSnapshot(`"3 rows with users apart; expected an even number"`)
    expect(of([0, 0, 1], [0, 3, 4])).toMatchInlineSnapshot(
      `"user number 0 has 1 items of the treatment arm; expected none with users apart"`,
    )
    expect(of([0, 1, 1], [0, 1, 2])).toMatchInlineSnapshot(
      `"user number 1 has 2 items of the control arm; expected none with users apart"`,
    )
  })
})
