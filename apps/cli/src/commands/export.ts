import { existsSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '@gradrec/model-files/node'
import type { Context } from '../context.ts'
import { WriteError } from '../errors.ts'
import { ExitCode } from '../exitCode.ts'
import { alignTable } from '../output/alignTable.ts'
import { commandOutput } from '../output/commandOutput.ts'
import { describeDialsOf } from '../output/describeDials.ts'
import { describeModel } from '../output/describeModel.ts'
import { count } from '../output/formatNumbers.ts'
import { exportedFiles } from '../run/exportedVectors.ts'
import { modelOfRun, modelRunOf } from '../run/modelRun.ts'
import { exportArgs, exportSettingsOf } from '../settings/exportSettings.ts'
import { givenDialsOf } from '../settings/modelArgs.ts'
import { parseFlags } from '../settings/parseFlags.ts'

/** Where vectors go unless it is said. */
const DEFAULT_FOLDER = 'vectors'

/** `gradrec export`. Resolves to the exit code. */
export async function exportVectors(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, exportArgs, 'gradrec export')
  const { format, out, force } = exportSettingsOf(flags)
  const run = modelRunOf(flags.get('run'), 'gradrec export')
  const dials = givenDialsOf(flags)
  const output = commandOutput(context, flags.get('quiet') === true)
  const model = await modelOfRun(run, dials)
  output.fact('model', describeModel(model))
  output.fact('dials', describeDialsOf(model))
  const folder = out ?? join(run.folder, DEFAULT_FOLDER)
  const files = exportedFiles(model, format).map((file) => ({ ...file, path: join(folder, file.name) }))
  const there = files.filter(({ path }) => existsSync(path))
  if (there.length > 0 && !force) {
    throw new WriteError(
      `${there.map(({ path }) => path).join(', ')} would be written over; use --force, or another folder with --out`,
    )
  }
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new WriteError(`the folder "${folder}" cannot be made: ${why}`, { cause })
  }
  const written: { readonly path: string; readonly bytes: number }[] = []
  for (const { path, content } of files) {
    await writeFileAtomically(path, content())
    written.push({ path, bytes: (await stat(path)).size })
  }
  const { vectors } = model
  const result = {
    run: run.name,
    format,
    files: written,
    users: vectors.users.rows,
    items: vectors.items.rows,
    dimension: vectors.users.dimension,
    dials: model.dials,
    score: 'inner product',
  }
  if (flags.get('json') === true) output.result(JSON.stringify(result, undefined, 2))
  else {
    output.result(alignTable(written.map(({ path, bytes }) => [path, `${count(bytes)} bytes`])))
    output.log(
      'score = inner product of a user’s and an item’s vector (not cosine, not a distance). What a user has already is not ' +
        'left out: filter it from the lists yourself',
    )
  }
  return ExitCode.ok
}
