import { expect, test } from 'vitest'
import { InFlight } from '../src/inFlight.ts'

/** Work that ends when it is told to. */
function piece(): { start: () => Promise<void>; end: () => void; fail: () => void; hasStarted: boolean } {
  let end = (): void => undefined
  let fail = (): void => undefined
  const taken = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = () => reject(new Error('lost'))
  })
  const self = { start: () => ((self.hasStarted = true), taken), end, fail, hasStarted: false }
  return self
}

test('the next piece waits for the oldest where both would weigh too much', async () => {
  const inFlight = new InFlight(10)
  const [first, second, third] = [piece(), piece(), piece()]
  await inFlight.add(20, first.start)
  const added = inFlight.add(4, second.start)
  expect([first.hasStarted, second.hasStarted]).toEqual([true, false])
  first.end()
  await added
  await inFlight.add(6, third.start)
  expect([second.hasStarted, third.hasStarted]).toEqual([true, true])
  second.end()
  third.end()
  await inFlight.all()
})

test('the first failure is heard, and later ones do no harm', async () => {
  const inFlight = new InFlight(2)
  const [first, second] = [piece(), piece()]
  await inFlight.add(1, first.start)
  await inFlight.add(1, second.start)
  first.fail()
  second.fail()
  await expect(inFlight.add(1, piece().start)).rejects.toThrow('lost')
})
