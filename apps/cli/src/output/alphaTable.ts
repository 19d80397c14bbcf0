/** A value for one pair of dials. */
export interface AlphaValue {
  readonly alphaItem: number
  readonly alphaUser: number
  readonly value: number
}

/** The 256-colour greys from dark to light, and from which of them on the ink is black. */
const GREYS = { darkest: 234, lightest: 254, blackInkFrom: 245 }

/**
 * A grid of values as text, a row for each αItem and a column for each αUser; `*` behind the best. In colour, a cell is the
 * lighter the higher its value. Values lose the zero before the point, so that 11 columns fit into 80 characters.
 */
export function alphaTable(values: readonly AlphaValue[], best: AlphaValue, colour: boolean): string {
  const rows = [...new Set(values.map(({ alphaItem }) => alphaItem))]
  const columns = [...new Set(values.map(({ alphaUser }) => alphaUser))]
  const at = new Map(values.map((each) => [`${each.alphaItem} ${each.alphaUser}`, each.value]))
  const all = values.map(({ value }) => value)
  const [lowest, highest] = [Math.min(...all), Math.max(...all)]
  const texts = values.map(({ value }) => short(value))
  const width = Math.max(...[...texts, ...columns.map(plain)].map((text) => text.length))
  const corner = 'αItem'
  const head = Math.max(corner.length, ...rows.map((row) => plain(row).length))
  const lines = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = at.get(`${row} ${column}`) ?? Number.NaN
      const isBest = row === best.alphaItem && column === best.alphaUser
      const text = `${short(value).padStart(width)}${isBest ? '*' : ' '}`
      return colour ? shaded(text, (value - lowest) / (highest - lowest || 1), isBest) : text
    })
    return `${plain(row).padStart(head)} ${cells.join('')}`.trimEnd()
  })
  const heading = `${corner.padStart(head)} ${columns.map((column) => `${plain(column).padStart(width)} `).join('')}`
  return [`${' '.repeat(head + 1)}αUser`, heading.trimEnd(), ...lines].join('\n')
}

function shaded(text: string, share: number, isBest: boolean): string {
  const grey = GREYS.darkest + Math.round(share * (GREYS.lightest - GREYS.darkest))
  const ink = grey >= GREYS.blackInkFrom ? 16 : 231
  return `\u001B[48;5;${grey}m\u001B[38;5;${ink}m${isBest ? '\u001B[1m' : ''}${text}\u001B[0m`
}

function short(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4).replace(/^(-?)0\./, '$1.') : '–'
}

/** 0.30000000000000004 → `0.3`. */
function plain(value: number): string {
  return String(Number(value.toPrecision(6)))
}
