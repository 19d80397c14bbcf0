import {
  AbortedError,
  recommendInBlocks,
  type Model,
  type RecommendOptions,
  type UserRecommendations,
} from '@gradrec/core'
import { readIds } from '@gradrec/data'
import { fileChunks } from '@gradrec/data/node'
import { writeFileAtomically } from '@gradrec/model-files/node'
import type { Context } from '../context.ts'
import { describeDevice } from '../engine/openUsableEngine.ts'
import { withEngine } from '../engine/withEngine.ts'
import { commandOutput } from '../output/commandOutput.ts'
import { describeDialsOf } from '../output/describeDials.ts'
import { describeModel } from '../output/describeModel.ts'
import { count } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { CSV_HEADER, csvRows, jsonLine, listTable } from '../output/recommendationText.ts'
import { modelOfRun, modelRunOf } from '../run/modelRun.ts'
import { engineSettingsOf, givenDialsOf } from '../settings/modelArgs.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import {
  recommendArgs,
  recommendSettingsOf,
  type IdFile,
  type RecommendSettings,
} from '../settings/recommendSettings.ts'

/** How many were answered. */
interface Tally {
  users: number
  unknown: number
}

/** `gradrec recommend`. Resolves to the exit code. */
export async function recommend(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, recommendArgs, 'gradrec recommend')
  const wanted = recommendSettingsOf(flags, argv)
  const run = modelRunOf(flags.get('run'), 'gradrec recommend')
  const settings = engineSettingsOf(flags)
  const dials = givenDialsOf(flags)
  const output = commandOutput(context, flags.get('quiet') === true)
  return withEngine(settings, context, output, async (engine, signal) => {
    const model = await modelOfRun(run, dials)
    output.fact('model', describeModel(model))
    output.fact('dials', describeDialsOf(model))
    output.fact('engine', describeDevice(engine.name, engine.device))
    const options = await optionsOf(wanted, model, output)
    const tally: Tally = { users: 0, unknown: 0 }
    const lists = counted(
      recommendInBlocks(model, engine, options),
      tally,
      options.users?.length ?? model.users.size,
      output,
      signal,
    )
    const began = context.now().getTime()
    if (wanted.out !== undefined) {
      const { path, format } = wanted.out
      await writeFileAtomically(
        path,
        encoded(lists, format === 'csv' ? CSV_HEADER : '', format === 'csv' ? csvRows : jsonLine),
      )
    } else {
      const text = flags.get('json') === true ? jsonLine : (list: UserRecommendations) => `${listTable(list)}\n\n`
      for await (const block of lists) {
        // All of a block in one go: a line at a time is slow for many users.
        const part = block.map(text).join('')
        output.result(part.replace(/\n+$/, flags.get('json') === true ? '' : '\n'))
      }
    }
    output.clear()
    const unknown = tally.unknown > 0 ? `, ${count(tally.unknown)} of them unknown to the model` : ''
    const where = wanted.out === undefined ? '' : `; the lists are in ${wanted.out.path}`
    const seconds = (context.now().getTime() - began) / 1000
    output.log(
      `${count(tally.users)} ${tally.users === 1 ? 'user' : 'users'}${unknown} in ${seconds.toFixed(1)} s${where}`,
    )
  })
}

async function optionsOf(wanted: RecommendSettings, model: Model, output: Output): Promise<RecommendOptions> {
  const { users, userFile, all, k, excludeSeen, excludedItems, unknownUsers } = wanted
  const fromFile = userFile === undefined ? [] : await idsIn(userFile, 'user')
  if (userFile !== undefined) output.fact('users', `${count(fromFile.length)} from ${userFile.path}`)
  const excludeItems = excludedItems === undefined ? [] : await idsIn(excludedItems, 'item')
  if (excludedItems !== undefined) {
    const unknown = excludeItems.filter((id) => model.items.indexOf(id) === undefined).length
    const note = unknown > 0 ? `, ${count(unknown)} of them unknown to the model` : ''
    output.fact('excluded', `${count(excludeItems.length)} items from ${excludedItems.path}${note}`)
  }
  return { ...(!all && { users: [...users, ...fromFile] }), k, excludeSeen, excludeItems, unknownUsers }
}

function idsIn({ path, table }: IdFile, role: 'user' | 'item'): Promise<string[]> {
  if (table === undefined) return readIds(path, fileChunks(path))
  const { column } = table
  return readIds(path, fileChunks(path), { role, ...(column !== undefined && { name: column }) })
}

/** The blocks as they come, counted, with a line that shows how far it is; stops between them on request. */
async function* counted(
  blocks: AsyncIterable<readonly UserRecommendations[]>,
  tally: Tally,
  users: number,
  output: Output,
  signal: AbortSignal,
): AsyncGenerator<readonly UserRecommendations[], void, void> {
  for await (const block of blocks) {
    if (signal.aborted) throw new AbortedError('recommendation')
    tally.users += block.length
    tally.unknown += block.filter(({ isKnown }) => !isKnown).length
    yield block
    output.live(`recommending · ${count(tally.users)} of ${count(users)} users`)
  }
}

async function* encoded(
  blocks: AsyncIterable<readonly UserRecommendations[]>,
  header: string,
  text: (list: UserRecommendations) => string,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder()
  if (header !== '') yield encoder.encode(header)
  for await (const block of blocks) yield encoder.encode(block.map(text).join(''))
}
