import { escapeMarkup } from './escapeMarkup.ts'

/** Markup that is safe to put into a page; made by `markup`. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, and what is not there leaves nothing. */
export type MarkupPart = string | number | Markup | undefined | readonly MarkupPart[]

/** Markup from a template: markup`<p>${anyText}</p>`. Also between the quotes of an attribute. */
export function markup(fixed: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return new Markup(fixed.map((text, n) => text + textOf(parts[n])).join(''))
}

function textOf(part: MarkupPart): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escapeMarkup(String(part))
  return part.map(textOf).join('')
}
