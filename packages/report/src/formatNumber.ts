/** A number with so many decimals; `–` for one that is not there or not finite. */
export function fixed(value: number | undefined, decimals: number): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1')
}

/** 1234567 → `1.23M`, 0.14231 → `0.142`: three significant digits. */
export function compact(value: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${unit}`
  }
  return String(Number(value.toPrecision(3)))
}

/** A setting as people would write it: 0.30000000000000004 → `0.3`. */
export function setting(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** 10000 → `10,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
