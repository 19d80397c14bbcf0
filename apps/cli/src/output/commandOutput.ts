import type { Context } from '../context.ts'
import { Output } from './output.ts'

/** A command's output, as its terminal and `--quiet` want it. */
export function commandOutput(context: Context, quiet: boolean): Output {
  return new Output(context.stdout, context.stderr, {
    quiet,
    colour: wantsColour(context, context.stderr),
    now: () => context.now().getTime(),
  })
}

/** Whether a stream is a terminal that understands colours and wants them. */
export function wantsColour({ environment }: Context, { isTTY = false }: { readonly isTTY?: boolean }): boolean {
  return isTTY && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb'
}
