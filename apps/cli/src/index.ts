export { run } from './run.ts'
export type { Context, TextStream } from './context.ts'
export type { Machine } from './engine/machine.ts'
export { ExitCode } from './exitCode.ts'
