import { DOMParser } from 'linkedom'
import { expect } from 'vitest'

/** A figure as a document, checked to ask for nothing outside itself. */
export function parsedSvg(svg: string): Document {
  expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script|href/)
  return new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document
}

export function texts(document: Document): string[] {
  return [...document.querySelectorAll('text')].map((text) => text.textContent ?? '')
}

/** A number among an element's attributes. */
export function numberOf(element: Element | null | undefined, attribute: string): number {
  return Number(element?.getAttribute(attribute) ?? Number.NaN)
}

/** The points of a path of straight lines. */
export function pathPoints(path: Element | null | undefined): { readonly x: number; readonly y: number }[] {
  return [...(path?.getAttribute('d') ?? '').matchAll(/[ML]([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }))
}
