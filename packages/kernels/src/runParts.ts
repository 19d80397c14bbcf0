import { tableRows, type FitSpec } from '@gradrec/engine'
import { createArmDiscrepancy } from './armDiscrepancy.ts'
import { horizonSteps } from './horizon.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { LazyUpdates } from './lazyUpdates.ts'
import { createLightGcnStage } from './lightGcnStage.ts'
import { LossSums } from './lossSums.ts'
import { adamConstants, bindUpdate, slotNames } from './optimizerState.ts'
import { Planner } from './planner.ts'
import { recordedBuffer } from './recording.ts'
import { RowMarks } from './rowMarks.ts'
import { createScoreStage, type ScoreStage } from './scoreStage.ts'
import { discrepancyConstants, stepConstants } from './stepConstants.ts'
import { StepUniforms } from './stepUniforms.ts'
import { bindTowerGradient, towerWorkgroups, userTowerRow } from './towerGradient.ts'
import { TripleSampler } from './tripleSampler.ts'
import { lazyAdam, segmentSum } from './wgsl.generated.ts'

/** Everything of a training run that lives on the device. */
export interface RunParts {
  /** Steps planned at once, at most. */
  readonly horizon: number
  readonly table: GPUBuffer
  readonly storedMoments: GPUBuffer
  readonly recorded: GPUBuffer
  /** What is scored: the table itself, or its propagation. */
  readonly embeddings: GPUBuffer
  readonly steps: StepUniforms
  readonly sampler: TripleSampler
  readonly planner: Planner
  readonly lazy: LazyUpdates | undefined
  /** With propagation. */
  readonly rowMarks: RowMarks | undefined
  readonly losses: LossSums
  readonly sampleDispatch: Dispatch
  /** From the table to the final embeddings; none for matrix factorisation. */
  readonly embed: readonly Dispatch[]
  /** One whole step, in order. */
  readonly step: readonly Dispatch[]
  readonly destroy: () => void
}

/** What the second half of a step works on. */
interface StepInputs {
  readonly horizon: number
  readonly table: GPUBuffer
  readonly storedMoments: GPUBuffer
  readonly recorded: GPUBuffer
  readonly planner: Planner
}

/** The second half of a step, and what propagation adds around it. */
interface Update {
  readonly embeddings: GPUBuffer
  readonly embed: readonly Dispatch[]
  /** Encoded before `score`. */
  readonly forward: readonly Dispatch[]
  /** Encoded after `score`. */
  readonly second: (score: ScoreStage) => Promise<readonly Dispatch[]>
  readonly lazy?: LazyUpdates
  readonly rowMarks?: RowMarks | undefined
  readonly destroy: () => void
}

/** Allocates and compiles a run; the spec has been checked. */
export async function buildRun(device: KernelDevice, spec: FitSpec): Promise<RunParts> {
  const { interactions, batch, optimizer, sampler: sampling } = spec
  const nodes = interactions.rows + interactions.columnCount
  const isLazy = optimizer.kind === 'adam' && optimizer.update === 'lazy'
  const horizon = horizonSteps(spec, device.tuning, device.gpu.limits.maxStorageBufferBindingSize)

  const own = await device.allocate('the embedding table and its optimizer state', () => ({
    table: device.upload('the embedding table', spec.initialTable),
    storedMoments: device.storage('the optimizer state', slotNames(optimizer).length * spec.initialTable.byteLength),
    recorded: recordedBuffer(device, spec),
  }))
  const steps = new StepUniforms(device, horizon)
  const sampler = await TripleSampler.create(device, spec, horizon)
  const occurrences = batch * (sampling.negatives + 2)
  const planner = await Planner.create(device, sampler.rowsOfStep, horizon, occurrences, nodes, interactions.rows)
  const inputs = { ...own, horizon, planner }
  const update = isLazy ? await lazyUpdate(device, spec, inputs) : await denseUpdate(device, spec, inputs)
  const score = await createScoreStage(device, spec, horizon, {
    embeddings: update.embeddings,
    rowsOfStep: sampler.rowsOfStep,
    table: own.table,
    runs: planner.runs,
  })
  const second = await update.second(score)
  const losses = await LossSums.create(device, horizon, batch, score.losses)
  return {
    ...own,
    horizon,
    embeddings: update.embeddings,
    steps,
    sampler,
    planner,
    lazy: update.lazy,
    rowMarks: update.rowMarks,
    losses,
    sampleDispatch: sampler.bind(planner.planUniform),
    embed: update.embed,
    step: [...update.forward, ...score.dispatches, ...second],
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
      for (const part of [steps, sampler, planner, update, score, losses]) part.destroy()
    },
  }
}

/** Segment sums into a gradient, discrepancy of arms and backward propagation if any, then the optimizer over all rows. */
async function denseUpdate(device: KernelDevice, spec: FitSpec, inputs: StepInputs): Promise<Update> {
  const { dimension, backbone, batch, sampler } = spec
  const { horizon, table, storedMoments, recorded, planner } = inputs
  const rows = tableRows(spec)
  const own = await device.allocate('the gradient', () => ({
    gradient: device.storage('the gradient', spec.initialTable.byteLength),
    touched: device.storage('marks of touched rows', rows * 8),
  }))
  const { gradient, touched } = own
  const rowMarks = backbone.kind === 'lgn' ? await RowMarks.create(device, spec, horizon, planner.runs) : undefined
  const lightGcn =
    rowMarks && backbone.kind === 'lgn'
      ? await createLightGcnStage(device, spec, backbone, { gradient, table, rowMarks })
      : undefined
  const embeddings = lightGcn?.propagated ?? table
  const bindSum = async ({ snapshots }: ScoreStage): Promise<Dispatch> => {
    const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
    const kernel = await device.kernel(segmentSum, { ...constants, ...discrepancyConstants(spec), rows })
    const { runs, order } = planner
    const workgroups = Math.ceil((batch * (sampler.negatives + 2)) / rowsPerWorkgroup)
    return kernel.bind({ runs, order, snapshots, gradient, touched, recorded, embeddings }, workgroups)
  }
  const tableGradient = lightGcn?.tableGradient ?? gradient
  const arms = await createArmDiscrepancy(device, spec, { runs: planner.runs, embeddings, gradient, touched })
  const optimize = await bindUpdate(device, spec.optimizer, rows, dimension, {
    table,
    storedMoments,
    gradient: tableGradient,
    touched,
    gradientIsDense: lightGcn !== undefined,
    l2: spec.objective.l2,
  })
  return {
    embeddings,
    embed: lightGcn?.embed ?? [],
    forward: lightGcn?.forward ?? [],
    rowMarks,
    second: async (score) => {
      const { snapshots } = score
      const towers = await bindTowerGradient(device, spec, { snapshots, gradient: tableGradient, touched })
      const backward = lightGcn?.backward ?? []
      return [await bindSum(score), ...arms.dispatches, ...backward, ...towers, optimize]
    },
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
      arms.destroy()
      rowMarks?.destroy()
      lightGcn?.destroy()
    },
  }
}

/** Segment sum, Adam and drift in one, over touched rows only. */
async function lazyUpdate(device: KernelDevice, spec: FitSpec, inputs: StepInputs): Promise<Update> {
  const { optimizer, batch, sampler } = spec
  if (optimizer.kind !== 'adam') throw new Error('lazy updates are Adam’s')
  const { horizon, table, storedMoments, recorded, planner } = inputs
  const { runs, order } = planner
  const lazy = await LazyUpdates.create(device, spec, optimizer, horizon, { table, storedMoments, runs })
  return {
    embeddings: table,
    embed: [],
    forward: [],
    lazy,
    second: async ({ snapshots }) => {
      const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
      const kernel = await device.kernel(lazyAdam, {
        ...constants,
        ...adamConstants(optimizer),
        ...discrepancyConstants(spec),
        ...lazy.driftConstants,
        rows: tableRows(spec),
        l2: spec.objective.l2,
        towerWorkgroups: towerWorkgroups(spec),
        userTower: userTowerRow(spec),
      })
      const { drift, lastSteps } = lazy
      const buffers = { runs, order, snapshots, drift, lastSteps, table, storedMoments, recorded }
      const workgroups = Math.ceil((batch * (sampler.negatives + 2)) / rowsPerWorkgroup)
      return [kernel.bind(buffers, towerWorkgroups(spec) + workgroups)]
    },
    destroy: () => lazy.destroy(),
  }
}
