import {
  DatasetError,
  inferenceOf,
  methodOf,
  TEST_PARTS,
  vectorRanker,
  type EvaluatedPart,
  type Model,
  type Ranker,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import type { Context } from '../context.ts'
import { datasetOfRun, dataSourceOfRun } from '../data/datasetOfRun.ts'
import { describeDevice } from '../engine/openUsableEngine.ts'
import { withEngine } from '../engine/withEngine.ts'
import { commandOutput } from '../output/commandOutput.ts'
import { describeDialsOf } from '../output/describeDials.ts'
import { describeModel } from '../output/describeModel.ts'
import { baselinesTable, comparisonTable, groupsTable, metricsTable } from '../output/evaluationTables.ts'
import { count } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import { PART_LABELS } from '../output/partLabels.ts'
import { BASELINE_DESCRIPTIONS, baselineRankers } from '../run/baselines.ts'
import { evaluatePart, type PartEvaluation } from '../run/evaluation.ts'
import { modelOfRun, modelRunOf, type ModelRun } from '../run/modelRun.ts'
import { versions } from '../run/provenance.ts'
import { writeResult } from '../run/runResults.ts'
import { evaluateArgs, evaluateSettingsOf, isRival, type Rival } from '../settings/evaluateSettings.ts'
import { engineSettingsOf, givenDialsOf } from '../settings/modelArgs.ts'
import { parseFlags } from '../settings/parseFlags.ts'

/** What the model is compared with. */
interface Other {
  readonly name: string
  readonly ranker: Ranker
  /** For people, beside the name. */
  readonly description: string
}

/** `gradrec evaluate`. Resolves to the exit code. */
export async function evaluate(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, evaluateArgs, 'gradrec evaluate')
  const wanted = evaluateSettingsOf(flags)
  const run = modelRunOf(flags.get('run'), 'gradrec evaluate')
  const against = wanted.against === undefined ? undefined : againstOf(wanted.against)
  const settings = engineSettingsOf(flags)
  const dials = givenDialsOf(flags)
  const source = await dataSourceOfRun(run, flags, context.environment)
  const output = commandOutput(context, flags.get('quiet') === true)
  return withEngine(settings, context, output, async (engine, signal) => {
    const model = await modelOfRun(run, dials)
    output.fact('model', describeModel(model))
    output.fact('dials', describeDialsOf(model))
    const dataset = await datasetOfRun(source, model, output)
    const parts = partsOf(dataset, wanted.parts)
    const held: Held = { model, dataset, engine, baselines: await baselinesOf(dataset, engine, output, signal) }
    const other = against === undefined ? undefined : await otherOf(against, held)
    if (other !== undefined) output.fact('against', other.description)
    output.fact('engine', describeDevice(engine.name, engine.device))
    const { k = [model.config.k], resamples } = wanted
    const evaluated: PartEvaluation[] = []
    for (const part of parts) {
      const done = await evaluatePart(part, {
        model: vectorRanker(model.vectors, engine),
        ...(other && { other: other.ranker }),
        baselines: held.baselines,
        dataset,
        k,
        resamples,
        protocol: model.config,
        signal,
        onStep: (step) => output.live(`${PART_LABELS[part]} · ${step}`),
      })
      evaluated.push(done)
    }
    output.clear()
    const { averageOver, maskValidation } = model.config
    const result = {
      run: run.name,
      dials: model.dials,
      k,
      averageOver,
      maskValidation,
      level: 0.95,
      resamples,
      ...(other && { against: other.name }),
      parts: evaluated,
      engine: engine.name,
      device: engine.device,
      versions: await versions(),
      written: context.now().toISOString(),
    }
    const path = await writeResult(run, 'evaluation', result)
    if (flags.get('json') === true) output.result(JSON.stringify(result, undefined, 2))
    else output.result(describeEvaluation(evaluated, k, other, model))
    output.log(`the same, and more, is in ${path}`)
  })
}

/** What an evaluation is made of. */
interface Held {
  readonly model: Model
  readonly dataset: Dataset
  readonly engine: Engine
  readonly baselines: ReadonlyMap<string, Ranker>
}

async function baselinesOf(
  dataset: Dataset,
  engine: Engine,
  output: Output,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Ranker>> {
  const rankers = await baselineRankers(dataset, engine, { signal, onProgress: (what) => output.live(what) })
  output.clear()
  return rankers
}

type Against = { readonly kind: 'known'; readonly name: Rival } | { readonly kind: 'run'; readonly run: ModelRun }

function againstOf(word: string): Against {
  return isRival(word)
    ? { kind: 'known', name: word }
    : { kind: 'run', run: modelRunOf(word, 'gradrec evaluate … --against') }
}

async function otherOf(against: Against, { model, engine, baselines }: Held): Promise<Other> {
  if (against.kind === 'run') {
    const { run } = against
    const other = await modelOfRun(run)
    if (other.dataHash !== model.dataHash) {
      throw new DatasetError(
        `${run.name} was trained on other data (hash ${other.dataHash.slice(0, 12)}, not ${model.dataHash.slice(0, 12)}); ` +
          'only runs on the same data with the same parts can be compared',
      )
    }
    const description = `${run.name}: ${describeModel(other)}; dials ${describeDialsOf(other)}`
    return { name: run.name, ranker: vectorRanker(other.vectors, engine), description }
  }
  const { name } = against
  const baseline = baselines.get(name)
  if (name !== 'dials-off' && baseline !== undefined) {
    return { name, ranker: baseline, description: `${name}: ${BASELINE_DESCRIPTIONS[name]}` }
  }
  if (Object.keys(methodOf(model.config.method).dials).length === 0) {
    throw new DatasetError(
      `method ${model.config.method.kind} has no dials that could be off; compare with another run`,
    )
  }
  return {
    name,
    ranker: vectorRanker(inferenceOf(model).base, engine),
    description: 'the same model with its dials off',
  }
}

function partsOf(dataset: Dataset, wanted: readonly EvaluatedPart[] | undefined): readonly EvaluatedPart[] {
  const tests = TEST_PARTS.filter((part) => dataset.parts[part] !== undefined)
  const parts = wanted ?? (tests.length > 0 ? tests : (['validation'] as const))
  for (const part of parts) {
    if (dataset.parts[part] !== undefined) continue
    const has = (['test', 'biasedTest', 'validation'] as const).filter((each) => dataset.parts[each] !== undefined)
    throw new DatasetError(
      `data set "${dataset.name}" has no ${part} part to evaluate on; it holds out ${has.length > 0 ? has.join(', ') : 'nothing'}`,
    )
  }
  return parts
}

function describeEvaluation(
  parts: readonly PartEvaluation[],
  k: readonly number[],
  other: Other | undefined,
  { config }: Model,
): string {
  const who = config.averageOver === 'allUsers' ? 'users, with and without held-out items' : 'users with held-out items'
  const means = parts.map(({ part, users }) => `${PART_LABELS[part]}: ${count(users)} ${who}`).join('; ')
  return [
    metricsTable(parts),
    '',
    `${means}. In brackets: 95 % bootstrap intervals over users.`,
    '↓: lower is better, or less biased.',
    ...k.flatMap((length) => ['', baselinesTable(parts, length)]),
    ...k.flatMap((length) => ['', groupsTable(parts, length)]),
    ...(other === undefined
      ? []
      : [
          '',
          comparisonTable(parts, other.name),
          '',
          '*: the interval of the difference, resampled user by user, leaves out 0. Effect size: mean over standard deviation of',
          'the users’ differences; with many users even a tiny one can be certain.',
        ]),
  ].join('\n')
}
