import { expect, it } from 'vitest'
import { markup } from '../src/index.ts'

it('escapes text, also in attributes, and keeps markup', () => {
  const inner = markup`<b>${'<i>'}</b>`
  expect(markup`<p title="${'a"b'}">${inner}${'&'}${3}</p>`.text).toBe('<p title="a&quot;b"><b>&lt;i&gt;</b>&amp;3</p>')
})

it('joins lists, and leaves out what is not there', () => {
  const list = ['a', '<'].map((each) => markup`<li>${each}</li>`)
  expect(markup`<ul>${list}${undefined}${[]}</ul>`.text).toBe('<ul><li>a</li><li>&lt;</li></ul>')
})
