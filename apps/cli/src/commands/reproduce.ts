import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeFileAtomically } from '@gradrec/model-files/node'
import { AbortedError } from '@gradrec/core'
import type { Context } from '../context.ts'
import { withEngine } from '../engine/withEngine.ts'
import { ExitCode } from '../exitCode.ts'
import { commandOutput } from '../output/commandOutput.ts'
import type { Output } from '../output/output.ts'
import { reproductionPage } from '../reproduce/page.ts'
import { readPaper } from '../reproduce/paper.ts'
import { planJson, planTable } from '../reproduce/planTable.ts'
import { NOT_A_RESULT } from '../reproduce/quickData.ts'
import { Reproduction } from '../reproduce/reproduction.ts'
import { readResults } from '../reproduce/resultFile.ts'
import { engineSettingsOf } from '../settings/modelArgs.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { reproduceArgs, reproduceSettingsOf, wordsApart } from '../settings/reproduceSettings.ts'

/** The checkout's folder `benchmarks`, seen from src/commands and from dist/commands alike. */
const BENCHMARKS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'benchmarks')

/** `gradrec reproduce`. Resolves to the exit code. */
export async function reproduce(argv: readonly string[], context: Context): Promise<number> {
  const { words, flags: rest } = wordsApart(argv, reproduceArgs)
  const flags = parseFlags(rest, reproduceArgs, 'gradrec reproduce')
  const settings = reproduceSettingsOf(words, flags)
  const output = commandOutput(context, settings.quiet)
  const benchmarks = settings.benchmarks ?? BENCHMARKS
  const paper = await readPaper(benchmarks)
  let exitCode: number = ExitCode.ok
  let failed = false
  if (settings.artefacts.length > 0) {
    if (settings.selection.quick) output.fact('note', NOT_A_RESULT)
    exitCode = await withEngine(engineSettingsOf(flags), context, output, async (engine, signal) => {
      // Loaded on use: drawing takes long to load, and other commands draw nothing.
      const { ARTEFACTS } = await import('../reproduce/artefacts.ts')
      const artefacts = ARTEFACTS.filter(({ name }) => settings.artefacts.includes(name))
      const command = describeCommand(argv)
      const reproduction = new Reproduction({
        artefacts,
        settings,
        benchmarks,
        paper,
        engine,
        signal,
        output,
        context,
        command,
      })
      const plan = await reproduction.plan()
      output.clear()
      if (settings.planOnly) {
        output.result(settings.json ? JSON.stringify(planJson(plan), undefined, 2) : planTable(plan))
        return
      }
      if (plan.runs.length > 0 || plan.missing.length > 0) output.log(`${planTable(plan)}\n`)
      try {
        const made = await reproduction.make(plan)
        if (settings.json) output.result(JSON.stringify(made, undefined, 2))
        // Said at the end too, where it is seen.
        for (const failure of made.failed) output.fact('failed', failure)
        failed = made.failed.length > 0
      } catch (error) {
        if (error instanceof AbortedError) {
          output.log(
            `what is done up to the last checkpoint (after an epoch, 30 s or more apart) is kept in ${settings.runs}: the same command goes on where this one stopped`,
          )
        }
        throw error
      }
    })
    if (exitCode === ExitCode.ok && settings.selection.quick) output.fact('note', NOT_A_RESULT)
  }
  if (settings.page && exitCode === ExitCode.ok && !settings.planOnly) await writePages(benchmarks, output)
  return exitCode === ExitCode.ok && failed ? ExitCode.failed : exitCode
}

/** `benchmarks/REPRODUCTION.md` and `benchmarks/reproduction.html`, from what is kept in `benchmarks/results/reproduction`. */
async function writePages(benchmarks: string, output: Output): Promise<void> {
  const results = await readResults(join(benchmarks, 'results', 'reproduction'))
  const paper = await readPaper(benchmarks)
  // Loaded on use, as above.
  const { committedReport } = await import('../reproduce/writeReport.ts')
  const pages = [
    [join(benchmarks, 'REPRODUCTION.md'), reproductionPage(results, paper)],
    [join(benchmarks, 'reproduction.html'), await committedReport(benchmarks, paper)],
  ] as const
  for (const [path, page] of pages) await writeFileAtomically(path, Buffer.from(page))
  output.log(`${results.size} results are in ${pages.map(([path]) => path).join(' and ')}`)
}

/** The command as others can type it: folders are their own, and so is what they want to see of it. */
function describeCommand(argv: readonly string[]): string {
  return `pnpm reproduce ${argv.join(' ')}`
    .replaceAll(/--(data-root|out|runs|benchmarks)[= ]\S+/g, '--$1 …')
    .replaceAll(/ --(quiet|json)\b/g, '')
}
