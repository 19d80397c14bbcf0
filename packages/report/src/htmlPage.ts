import { escapeMarkup } from './escapeMarkup.ts'
import type { Markup } from './markup.ts'
import { FONT_FAMILY, surfaceStyle } from './theme.ts'

export interface HtmlPage {
  readonly title: string
  /** What the page adds to the style that all pages have. */
  readonly style?: string
  readonly body: Markup
}

const STYLE = `${surfaceStyle(':root')}
body { background: var(--background); font: 16px/1.55 ${FONT_FAMILY}; max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.125rem 1.25rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; overflow-x: auto; }
figcaption { color: var(--muted); font-size: 0.875rem; margin-top: 0.375rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0.75rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 400; }
thead th { color: var(--muted); font-weight: 600; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; font-size: 0.875rem; }
svg { display: block; }
@media print { body { max-width: none; padding: 0; } figure, table { break-inside: avoid; } }`

/** A page that needs no other file and asks for none: the page's own policy forbids it. Light or dark as the reader's system is. */
export function htmlPage({ title, style, body }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>
${STYLE}${style === undefined ? '' : `\n${style}`}
</style>
</head>
<body>
${body.text}
</body>
</html>
`
}
