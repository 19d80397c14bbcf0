import { AbortedError } from '@gradrec/core'
import { chosen } from '../chosen.ts'
import { paperDataset } from '../data/paperDataset.ts'
import type { Part } from '../part.ts'
import type { MeasuredData } from '../results/resultFile.ts'
import {
  PAPER_BATCH,
  PAPER_DIMENSION,
  PAPER_NEGATIVES,
  PAPER_SECONDS,
  type PaperBackbone,
  type PaperDataset,
} from './paperTable.ts'
import { describeGroup } from './describeGroup.ts'
import { suitedBatch, timedMethods } from './sides.ts'
import { timeEpochs, type Effort, type TimedEpochs } from './timeEpochs.ts'

/** Methods timed beside each other: one data set, backbone and batch. */
export interface TimedGroup {
  readonly dataset: PaperDataset
  readonly source: MeasuredData['source']
  readonly backbone: PaperBackbone
  readonly batch: number
  /** Whose batch it is. */
  readonly batchOf: 'paper' | 'device'
  readonly methods: readonly (TimedEpochs & { readonly paperSeconds: number })[]
}

const DATASETS = ['ml10m', 'netflix'] as const
const BACKBONES = ['mf', 'lgn'] as const

const FULL: Effort = { rounds: 5, secondsPerRound: 3 }
const QUICK: Effort = { rounds: 3, secondsPerRound: 0.2 }

/** Seconds per epoch beside the paper's Table IV, at its batch and at the batch that suits the device. */
export const tableFour: Part = {
  name: 'table4',
  description: 'seconds per epoch of {MF, LightGCN} × {original, DICE, MACR, gradient} beside the paper’s Table IV',
  run: async (context) => {
    const { engine, quick, output, signal } = context
    const effort = quick ? QUICK : FULL
    const backbones = chosen(context, 'backbones', BACKBONES)
    const groups: TimedGroup[] = []
    const data: MeasuredData[] = []
    for (const dataset of chosen(context, 'datasets', DATASETS)) {
      const loaded = await paperDataset(dataset, context.dataRoot)
      data.push(loaded.facts)
      output.fact('data', loaded.text)
      for (const backbone of backbones) {
        const batches = [
          { batch: PAPER_BATCH, batchOf: 'paper' },
          { batch: suitedBatch(backbone, engine.name), batchOf: 'device' },
        ] as const
        for (const { batch, batchOf } of batches) {
          const where = `${dataset} ${backbone} batch ${batch}`
          const timed = timedMethods(backbone, dataset, batch).filter(({ label }) => !(quick && isSlow(label, batchOf)))
          const methods = await timeEpochs(engine, loaded.dataset, timed, effort, (text) => {
            if (signal.aborted) throw new AbortedError('the benchmark')
            output.live(`${where}: ${text}`)
          })
          const group: TimedGroup = {
            dataset,
            source: loaded.facts.source,
            backbone,
            batch,
            batchOf,
            methods: methods.map((each) => ({ ...each, paperSeconds: PAPER_SECONDS[backbone][dataset][each.method] })),
          }
          groups.push(group)
          output.result(describeGroup(group))
        }
      }
    }
    const config = { ...effort, dimension: PAPER_DIMENSION, negatives: PAPER_NEGATIVES, recipe: 'dice' }
    return { config, data, figures: { groups } }
  },
}

/** The distance correlation compares all pairs of a step's rows: at large batches it alone would take most of two minutes. */
function isSlow(label: string, batchOf: TimedGroup['batchOf']): boolean {
  return label === 'dice' && batchOf === 'device'
}
