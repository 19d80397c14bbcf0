import { markup, type Markup } from '@gradrec/report'
import { CLAIM_COLUMNS } from './claims.ts'
import type { PlainTable } from './plainTable.ts'

/** Whether a table is one of what the paper says, as `claimRows` makes them. */
export function isClaimTable({ columns }: Pick<PlainTable, 'columns'>): boolean {
  return columns.join('\n') === CLAIM_COLUMNS.join('\n')
}

/** How many statements hold; which do not is seen in the list. */
export function claimCount(tables: readonly PlainTable[]): string {
  const held = tables.flatMap(({ rows }) => rows.map(([, , , holds]) => holds === 'yes'))
  return `${held.filter(Boolean).length} of ${held.length} statements of the paper hold`
}

/** What the paper says and whether it holds here, as a list for each model: sentences are hard to read in columns. */
export function claimList({ caption, rows }: PlainTable): Markup {
  const models = [...new Set(rows.map(([on = '']) => on))]
  return markup`<h3>${caption}</h3>
${models.map(
  (model) => markup`<h4>${model}</h4>
<ul class="claims">
${rows.filter(([on]) => on === model).map(claimItem)}</ul>
`,
)}`
}

function claimItem([, text = '', place = '', holds = '', found = '']: readonly string[]): Markup {
  const isHeld = holds === 'yes'
  return markup`<li class="${isHeld ? 'holds' : 'fails'}"><strong>${isHeld ? '✓ Holds' : '✗ Does not hold'}:</strong> ${text} <span class="place">(${place})</span>.
<span class="found">Here: ${found}.</span></li>
`
}
