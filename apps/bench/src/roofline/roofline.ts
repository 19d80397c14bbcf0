import { AbortedError } from '@gradrec/core'
import { paperDataset } from '../data/paperDataset.ts'
import type { Part } from '../part.ts'
import type { MeasuredData } from '../results/resultFile.ts'
import {
  PAPER_BATCH,
  PAPER_DIMENSION,
  PAPER_NEGATIVES,
  type PaperBackbone,
  type PaperDataset,
} from '../tableFour/paperTable.ts'
import { timedMethods } from '../tableFour/sides.ts'
import type { Effort } from '../tableFour/timeEpochs.ts'
import { describeRoof, describeRun } from './describeRun.ts'
import { measureRoof, type DeviceRoof } from './deviceRoof.ts'
import { profileRun, type ProfiledRun } from './profileRun.ts'

/** A run whose step was taken apart. */
export interface RooflineRun extends ProfiledRun {
  readonly dataset: PaperDataset
  readonly source: MeasuredData['source']
  readonly backbone: PaperBackbone
  readonly method: (typeof METHODS)[number]
  readonly batch: number
}

/** What `pnpm bench roofline` finds. */
export interface RooflineFigures {
  readonly roof: DeviceRoof
  readonly runs: readonly RooflineRun[]
}

const DATASET = 'ml10m'
const METHODS = ['original', 'gradient'] as const
const FULL: Effort & { readonly copyRounds: number } = { rounds: 5, secondsPerRound: 6, copyRounds: 10 }
const QUICK: Effort & { readonly copyRounds: number } = { rounds: 3, secondsPerRound: 0.3, copyRounds: 3 }

/** How near a step's kernels come to what the device can do. */
export const roofline: Part = {
  name: 'roofline',
  description: 'each kernel’s bytes, operations and time beside what the device can do',
  run: async ({ engine, quick, output, signal, dataRoot }) => {
    const { copyRounds, ...effort } = quick ? QUICK : FULL
    const stop = (): void => {
      if (signal.aborted) throw new AbortedError('the benchmark')
    }
    output.live('copies of buffers')
    const roof = await measureRoof(engine, copyRounds, stop)
    output.result(describeRoof(roof))
    const { dataset, facts, text } = await paperDataset(DATASET, dataRoot)
    output.fact('data', text)
    const runs: RooflineRun[] = []
    for (const { backbone, batch } of runsOf(engine.name)) {
      for (const method of METHODS) {
        const { config } = timedMethods(backbone, DATASET, batch).find(({ label }) => label === method) ?? {}
        if (config === undefined) throw new Error(`the method ${method} is not timed`)
        const profiled = await profileRun(engine, dataset, config, effort, (progress) => {
          stop()
          output.live(`${backbone} batch ${batch}, ${method}: ${progress}`)
        })
        const run = { dataset: DATASET, source: facts.source, backbone, method, batch, ...profiled } as const
        runs.push(run)
        output.result(describeRun(run, roof))
      }
    }
    const figures: RooflineFigures = { roof, runs }
    const config = { ...effort, copyRounds, dimension: PAPER_DIMENSION, negatives: PAPER_NEGATIVES, recipe: 'dice' }
    return { config, data: [facts], figures }
  },
}

function runsOf(engineName: string): readonly { readonly backbone: PaperBackbone; readonly batch: number }[] {
  return [
    { backbone: 'mf', batch: 1024 },
    { backbone: 'mf', batch: PAPER_BATCH },
    { backbone: 'lgn', batch: engineName === 'wasm' ? 8192 : 2048 },
  ]
}
