import type { ArgsDef } from 'citty'

/** All values of a flag that may be given several times, in order. The command line has been checked by `parseFlags` before. */
export function repeatedFlag(argv: readonly string[], args: ArgsDef, name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const [flag = '', ...attached] = word.split('=')
    const type = flag.startsWith('--') ? args[flag.slice(2)]?.type : undefined
    if (type !== 'string') continue
    // The word behind a flag is its value, whatever it looks like.
    const value = attached.length > 0 ? attached.join('=') : argv[++at]
    if (flag === `--${name}` && value !== undefined) values.push(value)
  }
  return values
}
