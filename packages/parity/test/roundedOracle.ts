import type { Engine, Fit, FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'

/** Steps between roundings with lazy updates, which keep what they do between two visits of a row in closed form. */
const LAZY_STEPS = 16

/**
 * The oracle with its state rounded to float32 as an engine's is: after every step, and with lazy updates after every
 * `stepsAtOnce` and at every epoch's end.
 */
export function openRoundedOracle(): Engine {
  const oracle = openOracleEngine()
  return { ...oracle, name: 'oracle in float32', fit: async (spec) => roundedFit(await oracle.fit(spec), spec) }
}

function roundedFit(fit: Fit, { optimizer }: FitSpec): Fit {
  const { stepsPerEpoch } = fit
  const stepsAtOnce = optimizer.kind === 'adam' && optimizer.update === 'lazy' ? LAZY_STEPS : 1
  return {
    stepsPerEpoch,
    stepsAtOnce,
    get step(): number {
      return fit.step
    },
    async steps(count) {
      let [triples, lossSum] = [0, 0]
      for (let n = 0; n < count; n++) {
        const done = await fit.steps(1)
        triples += done.triples
        lossSum += done.lossSum
        const inEpoch = fit.step % stepsPerEpoch
        if (inEpoch % stepsAtOnce === 0) await fit.restore(await fit.read())
      }
      return { steps: count, triples, lossSum }
    },
    setLearningRate: (learningRate) => fit.setLearningRate(learningRate),
    embeddings: () => fit.embeddings(),
    read: () => fit.read(),
    restore: (state) => fit.restore(state),
    close: () => fit.close(),
  }
}
