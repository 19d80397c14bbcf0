import { DOMParser } from 'linkedom'

const NAMESPACE = 'http://www.w3.org/2000/svg'

/** A document to make SVG elements in, without a browser. */
export function newSvgDocument(): Document {
  return new DOMParser().parseFromString(`<svg xmlns="${NAMESPACE}"/>`, 'image/svg+xml') as unknown as Document
}

/** An SVG element with its attributes and children; text is escaped when the element is written out. */
export function svgElement(
  document: Document,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly (Element | string)[] = [],
): Element {
  const element = document.createElementNS(NAMESPACE, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  for (const child of children) element.append(typeof child === 'string' ? document.createTextNode(child) : child)
  return element
}
