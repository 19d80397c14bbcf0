import { describe, expect, it } from 'vitest'
import { sgd } from '../src/index.ts'

describe('sgd', () => {
  it('moves against the gradient', () => {
    const theta = Float64Array.of(1, -2)
    sgd(theta, Float64Array.of(0.5, -4), { learningRate: 0.25, weightDecay: 0 })
    expect([...theta]).toEqual([0.875, -1])
  })

  it('adds weight decay to the gradient of every number', () => {
    const theta = Float64Array.of(1, -2, 0)
    sgd(theta, Float64Array.of(0.5, 0, 0), { learningRate: 0.5, weightDecay: 0.25 })
    // 1 − 0.5 · (0.5 + 0.25), −2 + 0.5 · 0.5
    expect([...theta]).toEqual([0.625, -1.75, 0])
  })
})
