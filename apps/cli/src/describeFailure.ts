import { GradrecError } from '@gradrec/engine'

/** What went wrong, in one line for people; with `debug`, where in the code as well. */
export function describeFailure(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message
  if (error instanceof GradrecError) return `error [${error.code}]: ${oneLine(error.message)}`
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `error [E_UNEXPECTED]: ${oneLine(message)}; set GRADREC_DEBUG=1 to see where, and please report it`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
