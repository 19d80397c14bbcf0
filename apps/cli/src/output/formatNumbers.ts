/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A share as a percentage with three significant digits. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}

/** 1234567 → `1.23 M`, for rates. */
export function short(value: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (value >= size) return `${(value / size).toPrecision(3)} ${unit}`
  }
  return value.toPrecision(3)
}

/** Seconds as `4.2 s`, `3:07` or `1:02:03`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
