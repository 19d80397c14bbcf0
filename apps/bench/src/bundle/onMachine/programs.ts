import { join } from 'node:path'
import { adapterChoice, type AdapterWanted } from './adapterWanted.ts'

/** What a start script can start. */
export const PROGRAMS = ['bench', 'test', 'doctor'] as const
export type Program = (typeof PROGRAMS)[number]

/** Where a bundle keeps things. */
export interface BundleFolders {
  readonly root: string
  readonly code: string
  readonly loader: string
  readonly results: string
  readonly data: string
}

export function bundleFolders(root: string): BundleFolders {
  return {
    root,
    code: join(root, 'lib', 'code'),
    loader: join(root, 'lib', 'vulkan'),
    results: join(root, 'results'),
    data: join(root, 'data'),
  }
}

/** Whether the arguments ask for the CPU's engine alone, which needs no GPU. */
export function isForCpuAlone(program: Program, args: readonly string[]): boolean {
  return (
    program === 'bench' &&
    args.some((arg, at) => arg === '--engine=wasm' || (arg === '--engine' && args[at + 1] === 'wasm'))
  )
}

/** Whether the arguments only ask how the program is called. */
export function isForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h')
}

/** The benchmark's arguments: what was given, the adapter that was checked, and the bundle's folders unless others are named. */
export function benchArguments(args: readonly string[], wanted: AdapterWanted, folders: BundleFolders): string[] {
  const has = (flag: string): boolean => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`))
  const engine = isForCpuAlone('bench', args) ? [] : ['--adapter', adapterChoice(wanted)]
  return [
    ...args,
    ...(has('--engine') ? [] : ['--engine', 'webgpu']),
    ...engine,
    ...(has('--out') ? [] : ['--out', folders.results]),
  ]
}
