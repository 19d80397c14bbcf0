import { DOMParser } from 'linkedom'
import { expect, it } from 'vitest'
import { alphaSurface, inlinedSvg, methodDots } from '../src/index.ts'
import { parsedSvg } from './parsedSvg.ts'

const parsed = (svg: string): Document => new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document
const ids = (document: Document): string[] =>
  [...document.querySelectorAll('[id]')].map((element) => element.getAttribute('id') ?? '')

it('gives a figure ids of its own, and names whatever named them anew', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><desc>d</desc><clipPath id="clip"/>' +
    '<g clip-path="url(#clip)" aria-labelledby="a clip"><use href="#clip"/></g></svg>'
  const document = parsed(inlinedSvg(svg, 'one').text)
  expect(ids(document)).toEqual(['one-title', 'one-desc', 'one-clip'])
  const group = document.querySelector('g')
  expect(group?.getAttribute('clip-path')).toBe('url(#one-clip)')
  expect(group?.getAttribute('aria-labelledby')).toBe('one-a one-clip')
  expect(document.querySelector('use')?.getAttribute('href')).toBe('#one-clip')
})

it('is called by the figure’s title and description', () => {
  const svg = methodDots({ title: 'ML & MF', measure: 'Recall@20', proposed: 'gradient', methods: [] })
  const root = parsedSvg(inlinedSvg(svg, 'f').text).documentElement
  const named = (attribute: string): string | undefined =>
    root.querySelector(`#${root.getAttribute(attribute)}`)?.textContent ?? undefined
  expect(root.getAttribute('role')).toBe('img')
  expect(named('aria-labelledby')).toBe('ML & MF')
  expect(named('aria-describedby')).toContain('Dots of Recall@20')
})

it('leaves the shared style to the page, and a style of its own where it is', () => {
  const svg = alphaSurface({ dataset: 'x', model: 'MF', metric: 'Recall@20', points: [] })
  expect(svg).toContain('<style>')
  expect(inlinedSvg(svg, 'f').text).not.toContain('<style>')
  expect(inlinedSvg(svg.replace('--line', '--other'), 'f').text).toContain('<style>')
})

it('keeps nothing that runs or loads', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><foreignObject><p>x</p></foreignObject>' +
    '<a href="javascript:x()"><rect onclick="x()"/></a></svg>'
  expect(inlinedSvg(svg, 'f').text).not.toMatch(/x\(\)|script|foreignObject|onload|onclick/)
})
