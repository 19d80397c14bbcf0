import { describe, expect, it } from 'vitest'
import { DeviceLostError, DeviceUnavailableError, GradrecError, LimitError, SpecError } from '../src/index.ts'

describe('errors', () => {
  it('carry a stable code, their own name and the message', () => {
    const errors = [
      new SpecError('a'),
      new LimitError('b', 2, 1),
      new DeviceUnavailableError('c'),
      new DeviceLostError('d'),
    ]
    expect(errors.map(({ name, code, message }) => `${name} ${code} ${message}`)).toEqual([
      'SpecError E_SPEC a',
      'LimitError E_LIMIT b',
      'DeviceUnavailableError E_DEVICE_UNAVAILABLE c',
      'DeviceLostError E_DEVICE_LOST d',
    ])
    for (const error of errors) expect(error).toBeInstanceOf(GradrecError)
  })

  it('keep what caused them, and the numbers behind a limit', () => {
    const cause = new Error('driver')
    expect(new DeviceLostError('lost', { cause }).cause).toBe(cause)
    expect(new DeviceUnavailableError('none', { cause }).cause).toBe(cause)
    expect(new LimitError('too large', 20, 10)).toMatchObject({ needed: 20, available: 10 })
  })
})
