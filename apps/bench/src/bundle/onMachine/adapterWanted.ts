import type { AdapterDescription } from '@gradrec/kernels'

/** Which adapter a run from the bundle insists on. */
export type AdapterWanted =
  | { readonly kind: 'nvidia' }
  /** Part of a name, vendor or architecture. */
  | { readonly kind: 'named'; readonly text: string }
  | { readonly kind: 'any' }

/** The start script's own flags, and the arguments that are left for the program. */
export interface LaunchArguments {
  readonly wanted: AdapterWanted
  readonly rest: readonly string[]
}

/** Takes `--adapter <text>`, `--adapter=<text>` and `--any-adapter` out of the arguments. */
export function adapterWanted(args: readonly string[]): LaunchArguments | { readonly error: string } {
  let wanted: AdapterWanted = { kind: 'nvidia' }
  const rest: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--any-adapter') wanted = { kind: 'any' }
    else if (arg === '--adapter' || arg.startsWith('--adapter=')) {
      const text = arg === '--adapter' ? args[++at] : arg.slice('--adapter='.length)
      if (text === undefined || text === '' || text.startsWith('-')) {
        return { error: '--adapter needs part of an adapter’s name behind it, such as swiftshader' }
      }
      wanted = { kind: 'named', text }
    } else rest.push(arg)
  }
  return { wanted, rest }
}

/** The first adapter that is what was wanted. Always asked: Dawn offers a driver that runs on the CPU where the GPU's fails. */
export function fitting(
  wanted: AdapterWanted,
  adapters: readonly AdapterDescription[],
): AdapterDescription | undefined {
  switch (wanted.kind) {
    case 'any':
      return adapters[0]
    case 'named':
      return adapters.find(({ name, vendor, architecture }) =>
        `${name} ${vendor} ${architecture}`.toLowerCase().includes(wanted.text.toLowerCase()),
      )
    case 'nvidia':
      return adapters.find(({ kind, vendor }) => kind === 'hardware' && vendor === 'nvidia')
  }
}

/** The same wish in the words of `--adapter` and GRADREC_TEST_ADAPTER. */
export function adapterChoice(wanted: AdapterWanted): string {
  switch (wanted.kind) {
    case 'any':
      return 'auto'
    case 'named':
      return wanted.text
    case 'nvidia':
      return 'nvidia'
  }
}
