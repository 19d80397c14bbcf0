import { checkedMethod, ConfigError, isMetricKey, type Dials, type MethodConfig, type TrainConfig } from '@gradrec/core'
import * as v from 'valibot'

// The shape of a configuration in a file. Ranges are checked where it is used, by `checkTrainConfig`. Objects are strict: a
// setting that this version does not know, and so would leave out, is an error. A method is checked whole, by the method itself.

const optimizer = v.variant('kind', [
  v.strictObject({
    kind: v.literal('adam'),
    learningRate: v.number(),
    beta1: v.number(),
    beta2: v.number(),
    epsilon: v.number(),
    weightDecay: v.number(),
    amsgrad: v.boolean(),
    update: v.exactOptional(v.picklist(['dense', 'lazy'])),
  }),
  v.strictObject({ kind: v.literal('sgd'), learningRate: v.number(), weightDecay: v.number() }),
])

const backbone = v.variant('kind', [
  v.strictObject({ kind: v.literal('mf') }),
  v.strictObject({
    kind: v.literal('lgn'),
    layers: v.number(),
    selfLoops: v.exactOptional(v.boolean()),
    degreeExponent: v.exactOptional(v.number()),
    dropout: v.exactOptional(v.number()),
  }),
])

/** Options are the method's own matter: it says itself what is wrong with them. */
const method = v.pipe(
  v.looseObject({}),
  v.rawTransform(({ dataset: { value: input }, addIssue, NEVER }): MethodConfig => {
    try {
      return checkedMethod(input)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const { value, expected } = error
      // Not to know the method is to complain of `method` itself.
      const key = error.key === 'method' ? 'kind' : error.key
      addIssue({ input: value, expected, path: [{ type: 'object', origin: 'value', input, key, value }] })
      return NEVER
    }
  }),
)

const schedule = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant') }),
  v.strictObject({
    kind: v.literal('plateau'),
    factor: v.number(),
    patience: v.number(),
    threshold: v.number(),
    minimumRate: v.number(),
  }),
])

const initialisation = v.variant('kind', [
  v.strictObject({ kind: v.literal('xavier') }),
  v.strictObject({ kind: v.literal('uniform') }),
  v.strictObject({ kind: v.literal('normal'), sd: v.number() }),
])

export const trainConfigSchema: v.GenericSchema<unknown, TrainConfig> = v.strictObject({
  backbone,
  method,
  loss: v.picklist(['bpr', 'bce']),
  dimension: v.number(),
  batch: v.number(),
  negatives: v.number(),
  distinct: v.boolean(),
  positives: v.picklist(['interaction', 'user']),
  optimizer,
  schedule,
  l2: v.number(),
  epochs: v.number(),
  initialisation,
  seed: v.number(),
  evaluateEvery: v.number(),
  patience: v.number(),
  watch: v.custom<TrainConfig['watch']>((value) => typeof value === 'string' && isMetricKey(value), 'a metric'),
  k: v.number(),
  averageOver: v.picklist(['usersWithTest', 'allUsers']),
  maskValidation: v.boolean(),
})

export const dialsSchema: v.GenericSchema<unknown, Dials> = v.record(v.string(), v.number())
