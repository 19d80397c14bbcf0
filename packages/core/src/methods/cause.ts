import { csrDifference, splitIntervened } from '@gradrec/data'
import type { Csr } from '@gradrec/engine'
import { DatasetError } from '../errors.ts'
import { plainInference } from './inference.ts'
import { choice, number, type Method, type TrainingRun } from './method.ts'
import { controlShare, rowsOfArm, twoArms, type Arm } from './twoArms.ts'

export interface CauseOptions {
  readonly treatmentFrom: 'part' | 'sampled'
  /** 0.001 … 0.999. */
  readonly treatmentShare: number
  readonly discrepancy: 'l2' | 'l1' | 'none'
  readonly discrepancyWeight: number
  readonly stopGradient: 'none' | 'treatment'
  readonly predict: Arm
}

/**
 * CausE (Bonner & Vasile, RecSys 2018) as DICE's authors have it (METHODS.md §3.5): interactions that were shown against popularity
 * are a treatment arm with items of its own, all others the control arm, and what an item is in one arm is pulled towards what it is in
 * the other. Matrix factorisation shares the users; LightGCN has users and a graph for each arm. Lists come from one arm, by default
 * control.
 *
 * Binary cross-entropy over scored pairs (a positive, or one of its negatives), each weighing the same, whatever the run's loss:
 *
 *     mean over control pairs + mean over treatment pairs + discrepancy of the arms
 *
 * DICE takes the means over the pairs that a batch happens to have of an arm. Here a pair of an arm weighs 1 / (the arm's share of
 * drawn positives · (1 + negatives)) in the mean over positives, which has the same expectation and does not fail on a batch without
 * treatment pairs. With LightGCN their discrepancy counts a row as often as the batch has it; here every distinct row counts once.
 */
export const cause: Method<'cause', CauseOptions> = {
  kind: 'cause',
  summary: 'causal embeddings: a treatment arm beside the biased one (Bonner & Vasile, RecSys 2018, as DICE’s authors)',
  loss: 'bce',
  options: {
    treatmentFrom: choice(
      ['part', 'sampled'],
      'the treatment arm: the data set’s intervened training part, or training interactions drawn against popularity',
    ),
    treatmentShare: number(0.1, 'share of the training interactions that is drawn, where it is', 0.001, 0.999),
    discrepancy: choice(['l2', 'l1', 'none'], 'how far the two arms are apart'),
    discrepancyWeight: number(0.01, 'weight of it'),
    stopGradient: choice(['none', 'treatment'], 'which arm the discrepancy does not move'),
    predict: choice(['control', 'treatment'], 'the arm that ranks'),
  },
  dials: {},
  training: (options, run) => {
    const { discrepancy, discrepancyWeight, stopGradient } = options
    const users = run.backbone === 'lgn' ? 'apart' : 'shared'
    const treatment = treatmentArm(options, run)
    const interactions = twoArms(csrDifference(run.interactions, treatment), treatment, users)
    return {
      objective: {
        kind: 'bce',
        l2: run.l2,
        negativeWeight: run.negatives,
        lossWeights: pairWeights(interactions, run),
      },
      interactions,
      arms: { users, discrepancy: { kind: discrepancy, weight: discrepancyWeight, stopGradient } },
    }
  },
  inference: ({ predict }, { embeddings }, popularity) =>
    plainInference({
      users: rowsOfArm(embeddings.users, predict, popularity.users.length),
      items: rowsOfArm(embeddings.items, predict, popularity.items.length),
    }),
}

function treatmentArm({ treatmentFrom, treatmentShare }: CauseOptions, run: TrainingRun): Csr {
  const { interactions, intervened, seed } = run
  if (treatmentFrom === 'part' && intervened === undefined) {
    throw new DatasetError(
      'method cause learns from training interactions that were shown against popularity, and the data set has no such part; ' +
        'expected data that is split with one (the split intervened makes it), or treatmentFrom sampled, which draws one from the ' +
        'training interactions',
    )
  }
  const treatment =
    treatmentFrom === 'part' && intervened !== undefined ? intervened : drawn(interactions, treatmentShare, seed)
  const [of, all] = [treatment.columns.length, interactions.columns.length]
  if (of > 0 && of < all) return treatment
  throw new DatasetError(
    `method cause has ${of} of ${all} training interactions in its treatment arm; expected some in both arms: draw another share ` +
      'with treatmentFrom sampled and treatmentShare',
  )
}

/**
 * Draws a share of the interactions against popularity without replacement (METHODS.md §4.4). The seed is counted from the other end,
 * so that data which was split with the run's seed is not drawn from by the same random numbers again.
 */
function drawn(interactions: Csr, share: number, seed: number): Csr {
  const options = { intervenedTrain: share, validation: 0, test: 0, seed: Number.MAX_SAFE_INTEGER - seed }
  return splitIntervened(interactions, options).intervenedTrain
}

/** For each column the weight of its triples in the mean over triples, which makes a mean over each arm's pairs of it. */
function pairWeights(interactions: Csr, { positives, negatives }: TrainingRun): Float32Array {
  const items = interactions.columnCount / 2
  const control = controlShare(interactions, positives)
  return new Float32Array(2 * items)
    .fill(1 / (control * (1 + negatives)), 0, items)
    .fill(1 / ((1 - control) * (1 + negatives)), items)
}
