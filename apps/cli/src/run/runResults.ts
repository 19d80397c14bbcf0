import { join } from 'node:path'
import { writeFileAtomically } from '@gradrec/model-files/node'
import type { ModelRun } from './modelRun.ts'

/** Files that commands write beside a model, about it. */
export const RESULT_FILES = {
  tuning: 'tune.json',
  surface: 'alpha-surface.svg',
  evaluation: 'evaluation.json',
} as const

/** Writes one of them, whole or not at all, over the one of before. Returns its path. */
export async function writeResult(
  { folder }: ModelRun,
  file: keyof typeof RESULT_FILES,
  content: string | object,
): Promise<string> {
  const path = join(folder, RESULT_FILES[file])
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2)
  await writeFileAtomically(path, Buffer.from(`${text}\n`))
  return path
}
