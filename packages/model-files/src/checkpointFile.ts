import type { Checkpoint } from '@gradrec/core'
import * as v from 'valibot'
import { ModelFileError } from './errors.ts'
import { metadataOf, metadataValue } from './fileText.ts'
import { historySchema } from './modelFile.ts'
import type { Safetensors } from './safetensors.ts'
import type { Tensor } from './tensor.ts'
import { trainedOfTensors, trainedTensors } from './trainedTensors.ts'
import { dialsSchema, trainConfigSchema } from './trainConfigSchema.ts'

const VERSION = 1

/**
 * A checkpoint as the content of one safetensors file: the table and the optimizer's state by name (`fit.table`, `fit.m` …), the
 * best model so far (`best.embeddings.users` …), and in the metadata, as JSON, everything else.
 */
export function encodeCheckpoint({ fit, best, ...rest }: Checkpoint): Safetensors {
  const { snapshot, validationsSinceBest } = best
  const flat = (values: Float32Array): Tensor => ({ shape: [values.length], values })
  const tensors: [string, Tensor][] = [['fit.table', flat(fit.table)]]
  for (const [name, values] of Object.entries(fit.slots)) tensors.push([`fit.${name}`, flat(values)])
  if (snapshot !== undefined) tensors.push(...trainedTensors('best.', snapshot.trained))
  const { epoch, value, dials } = snapshot ?? {}
  return {
    tensors: new Map(tensors),
    metadata: metadataOf({
      kind: 'checkpoint',
      version: VERSION,
      ...rest,
      fit: { step: fit.step, learningRate: fit.learningRate },
      best: { validationsSinceBest, ...(snapshot !== undefined && { snapshot: { epoch, value, dials } }) },
    }),
  }
}

/**
 * The inverse: every number comes back bit for bit.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError for a file that is no checkpoint, or a damaged one
 */
export function decodeCheckpoint(source: string, file: Safetensors): Checkpoint {
  const { kind: _, version: __, fit, best, ...rest } = metadataValue(source, file, checkpointSchema)
  const slots: Record<string, Float32Array> = {}
  let table: Float32Array | undefined
  for (const [name, { values }] of file.tensors) {
    if (!name.startsWith('fit.')) continue
    if (!(values instanceof Float32Array)) throw new ModelFileError(source, `the numbers of "${name}" are not float32`)
    if (name === 'fit.table') table = values
    else slots[name.slice('fit.'.length)] = values
  }
  if (table === undefined) throw new ModelFileError(source, 'there is no tensor "fit.table"')
  for (const [name, { length }] of Object.entries(slots)) {
    if (length === table.length) continue
    throw new ModelFileError(source, `"fit.${name}" has ${length} numbers; expected ${table.length}, as the table`)
  }
  const { snapshot, validationsSinceBest } = best
  return {
    ...rest,
    fit: { ...fit, table, slots },
    best: {
      validationsSinceBest,
      snapshot: snapshot && { ...snapshot, trained: trainedOfTensors(source, file.tensors, 'best.') },
    },
  }
}

const checkpointSchema = v.object({
  kind: v.literal('checkpoint'),
  version: v.literal(VERSION),
  epoch: v.number(),
  fit: v.object({ step: v.number(), learningRate: v.number() }),
  schedule: v.object({ learningRate: v.number(), best: v.nullable(v.number()), waited: v.number() }),
  best: v.object({
    validationsSinceBest: v.number(),
    snapshot: v.exactOptional(v.object({ epoch: v.number(), value: v.number(), dials: dialsSchema })),
  }),
  history: historySchema,
  config: trainConfigSchema,
  dataHash: v.string(),
  engine: v.string(),
})
