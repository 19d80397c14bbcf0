import { AbortedError } from '@gradrec/core'
import type { Engine } from '@gradrec/engine'
import type { Context } from '../context.ts'
import { ExitCode } from '../exitCode.ts'
import type { Output } from '../output/output.ts'
import type { TrainSettings } from '../settings/trainSettings.ts'
import { openUsableEngine } from './openUsableEngine.ts'

/**
 * Opens the engine that was asked for, does the work and closes it; resolves to the exit code. The first Ctrl-C sets off the
 * signal, on which the work throws an `AbortedError`: that is exit code 130. The second ends the process.
 */
export async function withEngine(
  { engine: kind = 'auto', adapter, threads }: Pick<TrainSettings, 'engine' | 'adapter' | 'threads'>,
  context: Context,
  output: Output,
  work: (engine: Engine, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const asked = { kind, ...(adapter !== undefined && { adapter }), ...(threads !== undefined && { threads }) }
  const opened = await openUsableEngine(asked, context.machine)
  if (opened.kind === 'restarted') return opened.exitCode
  const controller = new AbortController()
  const release = context.onInterrupt(() => {
    output.clear()
    if (controller.signal.aborted) context.quit(ExitCode.interrupted)
    controller.abort()
  })
  try {
    await work(opened.engine, controller.signal)
    return ExitCode.ok
  } catch (error) {
    output.clear()
    if (!(error instanceof AbortedError)) throw error
    output.log('stopped on request')
    return ExitCode.interrupted
  } finally {
    release()
    await opened.engine.close()
  }
}
