export { run } from './run.ts'
export type { Context, TextStream } from './context.ts'
export { ExitCode, exitCodeOf } from './exitCode.ts'
export { describeFailure } from './describeFailure.ts'

// What the benchmark's command shares with this one
export { describeDevice, openUsableEngine, type EngineRequest, type Opened } from './engine/openUsableEngine.ts'
export { processContext } from './processContext.ts'
export type { Machine } from './engine/machine.ts'
export { thisMachine } from './engine/thisMachine.ts'
export { UsageError, WriteError } from './errors.ts'
export { Output, type OutputOptions } from './output/output.ts'
export { versions, type Versions } from './run/provenance.ts'
export { parseFlags, type Flags } from './settings/parseFlags.ts'
