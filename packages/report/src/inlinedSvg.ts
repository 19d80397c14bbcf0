import { DOMParser } from 'linkedom'
import { FIGURE_STYLE } from './figure.ts'
import { Markup } from './markup.ts'

/** Attributes that name an element of the same document, alone or in a list. */
const REFERENCES = ['aria-labelledby', 'aria-describedby', 'href', 'xlink:href']

/**
 * A figure as a part of a page that has others: every id begins with `id`, so that none is there twice; its title and description are
 * what it is called by those who cannot see it; and the style that all figures share is left to the page (`FIGURE_STYLE`). Scripts and
 * whatever else is no drawing are left out.
 *
 * @param svg one of this package's figures, or any other SVG
 * @param id unlike that of any other figure of the page
 */
export function inlinedSvg(svg: string, id: string): Markup {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document
  const root = document.documentElement
  for (const element of root.querySelectorAll('script, foreignObject, iframe, object, embed')) element.remove()
  for (const style of root.querySelectorAll('style')) if (style.textContent === FIGURE_STYLE) style.remove()
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name, value } of Array.from(element.attributes)) {
      if (name.startsWith('on')) element.removeAttribute(name)
      else if (name === 'id') element.setAttribute(name, `${id}-${value}`)
      else if (REFERENCES.includes(name)) element.setAttribute(name, renamedReferences(name, value, id))
      else if (value.includes('url(#')) element.setAttribute(name, value.replaceAll('url(#', `url(#${id}-`))
    }
  }
  const names = ['title', 'desc'].flatMap((tag) => {
    const element = [...root.children].find((child) => child.localName === tag)
    if (element === undefined) return []
    const name = `${id}-${tag}`
    element.setAttribute('id', name)
    return [name]
  })
  root.setAttribute('role', 'img')
  if (names[0] !== undefined) root.setAttribute('aria-labelledby', names[0])
  if (names[1] !== undefined) root.setAttribute('aria-describedby', names[1])
  return new Markup(root.outerHTML)
}

function renamedReferences(name: string, value: string, id: string): string {
  if (name.endsWith('href')) return value.startsWith('#') ? `#${id}-${value.slice(1)}` : '#'
  return value
    .split(/\s+/)
    .filter(Boolean)
    .map((each) => `${id}-${each}`)
    .join(' ')
}
