import { alignTable } from '../output/alignTable.ts'
import { count, duration } from '../output/formatNumbers.ts'
import { settingsName } from './cell.ts'
import { secondsLeft, totalSeconds, type MissingCell, type Plan, type PlannedRun } from './plan.ts'

const FROM = { runs: 'earlier runs', steps: 'some steps, timed', guess: 'guessed' } as const

/** What will be trained, with how long it takes, what the cache has, and what cannot be trained. */
export function planTable(plan: Plan): string {
  const { runs, missing } = plan
  const todo = runs.filter(({ left }) => left !== undefined)
  const done = runs.length - todo.length
  const rows = todo.map((run) => [
    settingsName(run.cell),
    String(run.cell.seed),
    run.asked.recipe ?? '–',
    epochsOf(run),
    run.left === undefined ? '–' : duration(run.left.estimate.secondsPerEpoch),
    run.left === undefined ? '–' : FROM[run.left.estimate.from],
    duration(secondsLeft(run)),
    run.wantedBy.join(' '),
  ])
  const head = ['to train', 'seed', 'recipe', 'epochs left', 'an epoch', 'from', 'takes', 'for']
  return [
    ...(todo.length > 0 ? [alignTable([head, ...rows]), ''] : []),
    `${trainings(todo.length)} to do, ${done} in the cache; about ${duration(totalSeconds(plan))} in all${untimed(todo)}`,
    ...missingLines(missing),
  ].join('\n')
}

function epochsOf({ left, state }: PlannedRun): string {
  const epochs = count(left?.epochs ?? 0)
  return state.kind === 'begun' && state.epoch > 0 ? `${epochs} (goes on after ${count(state.epoch)})` : epochs
}

function untimed(runs: readonly PlannedRun[]): string {
  const sources = new Set(runs.map(({ left }) => left?.estimate.from))
  if (sources.has('guess')) return ', partly guessed'
  return sources.has('steps') ? ', validation and evaluation left out where steps were timed' : ''
}

/** One line for each reason. */
export function missingLines(missing: readonly MissingCell[]): string[] {
  const byReason = new Map<string, Set<string>>()
  for (const { cell, why } of missing) {
    byReason.set(why, (byReason.get(why) ?? new Set()).add(settingsName(cell)))
  }
  return [...byReason].map(([why, names]) => `cannot be trained: ${[...names].join(', ')}; ${why}`)
}

function trainings(number: number): string {
  return `${count(number)} ${number === 1 ? 'training' : 'trainings'}`
}

/** The same as plain data. */
export function planJson(plan: Plan): object {
  return {
    runs: plan.runs.map((run) => ({
      cell: settingsName(run.cell),
      seed: run.cell.seed,
      key: run.key,
      folder: run.folder,
      recipe: run.asked.recipe ?? null,
      command: run.asked.command,
      state: run.state,
      wantedBy: run.wantedBy,
      epochsLeft: run.left?.epochs ?? 0,
      secondsPerEpoch: run.left?.estimate.secondsPerEpoch ?? null,
      estimatedFrom: run.left?.estimate.from ?? null,
      seconds: secondsLeft(run),
    })),
    missing: plan.missing.map(({ cell, why, wantedBy }) => ({
      cell: settingsName(cell),
      seed: cell.seed,
      why,
      wantedBy,
    })),
    seconds: totalSeconds(plan),
  }
}
