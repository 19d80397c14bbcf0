import { afterAll, afterEach, beforeAll, beforeEach, describe, getCurrentTest, it, test } from '@vitest/runner'
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  ChaiStyleAssertions,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
  type ExpectStatic,
} from '@vitest/expect'
import * as chai from 'chai'

// Stands for the package `vitest` in the bundle: the same runner and the same matchers, without the bundler and the
// worker processes that vitest comes with. What the test files here do not use is left out: snapshots, polling, mocks.

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(plugin)

const expectValue = (value: unknown, message?: string): unknown => {
  const assertion = chai.expect(value, message)
  const running = getCurrentTest()
  // `resolves` and `rejects` keep their promises with the test, so that one left without `await` is still waited for.
  return running === undefined
    ? assertion
    : (assertion as unknown as { withTest(task: unknown): unknown }).withTest(running)
}

const matchers: object = Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT)

const expect: ExpectStatic = Object.assign(expectValue, chai.expect, matchers, {
  getState: () => getState(expect),
  setState: (state: object) => setState(state, expect),
  assert: chai.assert,
}) as unknown as ExpectStatic

export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test }
