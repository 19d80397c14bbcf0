import { describe, expect, it } from 'vitest'
import { LearningRate, type Schedule } from '../src/training/schedule.ts'

const plateau: Schedule = { kind: 'plateau', factor: 0.1, patience: 2, threshold: 0.01, minimumRate: 1e-3 }

const rates = (rate: LearningRate, values: readonly number[]): number[] => values.map((value) => rate.validated(value))

describe('LearningRate', () => {
  it('falls after more than `patience` validations without improvement, and no further than the minimum', () => {
    const rate = LearningRate.start(plateau, 0.05)
    // 0.505 is no improvement by 1 % of 0.5 on it, 0.506 would be.
    expect(rates(rate, [0.5, 0.505, 0.4, 0.505])).toEqual([0.05, 0.05, 0.05, expect.closeTo(0.005, 12)])
    expect(rate.isFinal).toBe(false)
    // The count starts again after a fall.
    expect(rates(rate, [0.1, 0.1, 0.1])).toEqual([expect.closeTo(0.005, 12), expect.closeTo(0.005, 12), 0.001])
    expect(rate.isFinal).toBe(true)
    expect(rates(rate, [0.1, 0.1, 0.1, 0.1])).toEqual([0.001, 0.001, 0.001, 0.001])
  })

  it('waits as long as there is improvement', () => {
    const rate = LearningRate.start(plateau, 0.05)
    expect(rates(rate, [0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3])).toEqual(Array.from({ length: 7 }, () => 0.05))
  })

  it('goes on from its state', () => {
    const values = [0.5, 0.4, 0.4, 0.4, 0.6, 0.1, 0.1, 0.1, 0.1]
    const whole = LearningRate.start(plateau, 0.05)
    const expected = rates(whole, values)
    for (let cut = 0; cut <= values.length; cut++) {
      const first = LearningRate.start(plateau, 0.05)
      const before = rates(first, values.slice(0, cut))
      const second = new LearningRate(plateau, JSON.parse(JSON.stringify(first.state)) as typeof first.state)
      expect([...before, ...rates(second, values.slice(cut))]).toEqual(expected)
    }
  })

  it('constant stays, and counts as final from the start', () => {
    const rate = LearningRate.start({ kind: 'constant' }, 0.05)
    expect(rate.isFinal).toBe(true)
    expect(rates(rate, [1, 0, 0, 0, 0])).toEqual([0.05, 0.05, 0.05, 0.05, 0.05])
  })
})
