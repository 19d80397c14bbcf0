import type { ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { dialArgs, modelArg, outputArgs } from './modelArgs.ts'
import type { Flags } from './parseFlags.ts'

const FORMATS = ['parquet', 'safetensors', 'npy'] as const
export type ExportFormat = (typeof FORMATS)[number]

export const exportArgs: ArgsDef = {
  ...modelArg,
  format: {
    type: 'string',
    valueHint: FORMATS.join('|'),
    description:
      'parquet: id and vector columns (default); safetensors: one file with ids; npy: NumPy, with ids as text',
  },
  out: { type: 'string', valueHint: 'folder', description: 'where to (default: vectors, in the run’s folder)' },
  force: { type: 'boolean', description: 'write over files that are there' },
  ...dialArgs,
  ...outputArgs,
}

export const EXPORT_EXAMPLES = [
  ['gradrec export runs/<name>', 'users.parquet and items.parquet, for a vector database'],
  ['gradrec export runs/<name> --format npy --out vectors', 'for NumPy and Faiss'],
  ['gradrec export runs/<name> --alpha-item 0 --alpha-user 0 --out biased', 'without debiasing'],
] as const

/** What was said about an export. */
export interface ExportSettings {
  readonly format: ExportFormat
  readonly out?: string
  readonly force: boolean
}

/** The settings among the flags. A `UsageError` names the first that is wrong. */
export function exportSettingsOf(flags: Flags): ExportSettings {
  const given = flags.get('format') ?? 'parquet'
  const format = FORMATS.find((each) => each === given)
  if (format === undefined) throw new UsageError(`--format is "${given}"; expected one of ${FORMATS.join(', ')}`)
  const out = flags.get('out')
  return { format, ...(typeof out === 'string' && { out }), force: flags.get('force') === true }
}
