import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { repeatedKey } from '../src/repeatedKey.ts'

it('finds a name that one object has twice, however it is written', () => {
  expect(repeatedKey('{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}')).toBeUndefined()
  expect(repeatedKey('{"a":1,"b":2,"a":3}')).toBe('a')
  expect(repeatedKey('{"a":1,"\\u0061" : 2}')).toBe('a')
  expect(repeatedKey('{"a":{"x":1,"y":{},"x":2}}')).toBe('x')
  expect(repeatedKey(String.raw`{"\"":1,"\\":2,"{":3,"}":"\"}{","x":"\\"}`)).toBeUndefined()
  expect(repeatedKey('{"a":"a","b":["a","a"]}')).toBeUndefined()
})

it('finds none in what JSON.stringify writes', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => repeatedKey(JSON.stringify(value)) === undefined))
})
