import { describe, expect, it } from 'vitest'
import { parseAnswer, PeerError } from '../../src/peers/messages.ts'

describe('parseAnswer', () => {
  it('reads what a peer says', () => {
    const line = '{"triples": 1024, "seconds": 0.5, "peakBytes": 7}'
    expect(parseAnswer('PyTorch', 'trained', line)).toEqual({ triples: 1024, seconds: 0.5, peakBytes: 7 })
    const ready = '{"ready": true, "stepsPerEpoch": 9, "stepsAtOnce": 1, "versions": {"torch": "2"}}'
    expect(parseAnswer('PyTorch', 'ready', ready).versions).toEqual({ torch: '2' })
  })

  it.each([
    ['no JSON', 'Segmentation fault'],
    ['no number', '{"triples": "many", "seconds": 1, "peakBytes": 1}'],
    ['time that went backwards', '{"triples": 1, "seconds": -1, "peakBytes": 1}'],
    ['another answer', '{"saved": true, "peakBytes": 1}'],
  ])('refuses %s', (_, line) => {
    expect(() => parseAnswer('PyTorch', 'trained', line)).toThrow(PeerError)
    expect(() => parseAnswer('PyTorch', 'trained', line)).toThrow(/^PyTorch answered .*; expected "trained"/)
  })
})
