import { DatasetError, methodOf, withDials, type EpochRecord, type Model } from '@gradrec/core'
import type { DeviceInfo } from '@gradrec/engine'
import * as v from 'valibot'
import { csrOfTensors, csrTensors } from './csrTensors.ts'
import { ModelFileError } from './errors.ts'
import { metadataOf, metadataValue } from './fileText.ts'
import { idTensors, idsOfTensors } from './idTensors.ts'
import type { Safetensors } from './safetensors.ts'
import { trainedOfTensors, trainedTensors } from './trainedTensors.ts'
import { dialsSchema, trainConfigSchema } from './trainConfigSchema.ts'

/** Counted up when a file of before can no longer be read as one of now. */
const VERSION = 1

/**
 * A model as the content of one safetensors file: the trained vectors before dials, the ids, what was trained on, and in the
 * metadata, as JSON, everything else. Other programs find `embeddings.users` and `embeddings.items` there.
 */
export function encodeModel(model: Model): Safetensors {
  const { trained, users, items, seen, vectors: _, ...rest } = model
  return {
    tensors: new Map([
      ...trainedTensors('', trained),
      ...idTensors('users', users),
      ...idTensors('items', items),
      ...csrTensors('seen', seen),
    ]),
    metadata: metadataOf({ kind: 'model', version: VERSION, ...rest }),
  }
}

/**
 * The inverse: a model that ranks, tunes and exports like the one that was written.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError for a file that is no model, or a damaged one
 */
export function decodeModel(source: string, file: Safetensors): Model {
  const { kind: _, version: __, ...rest } = metadataValue(source, file, modelSchema)
  const { dials } = methodOf(rest.config.method)
  for (const name of Object.keys(rest.dials)) {
    if (Object.hasOwn(dials, name)) continue
    const known = Object.keys(dials).join(', ') || 'none'
    throw new ModelFileError(
      source,
      `in the metadata, dials.${name} is no dial of method ${rest.config.method.kind} that this version of gradrec knows; expected ${known}`,
    )
  }
  const trained = trainedOfTensors(source, file.tensors, '')
  const users = idsOfTensors(source, file.tensors, 'users')
  const items = idsOfTensors(source, file.tensors, 'items')
  const { embeddings } = trained
  if (embeddings.users.dimension !== rest.config.dimension) {
    throw new ModelFileError(
      source,
      `the vectors have ${embeddings.users.dimension} dimensions, and the configuration ${rest.config.dimension}`,
    )
  }
  const seen = csrOfTensors(source, file.tensors, 'seen', { rows: users.size, columnCount: items.size })
  const model = rankingModel(source, { ...rest, trained, vectors: embeddings, users, items, seen })
  // Of the vectors that rank, since methods may train other rows than these.
  const { vectors } = model
  if (vectors.users.rows !== users.size || vectors.items.rows !== items.size) {
    throw new ModelFileError(
      source,
      `there are vectors of ${vectors.users.rows} users and ${vectors.items.rows} items, and ids of ${users.size} and ${items.size}`,
    )
  }
  return model
}

function rankingModel(source: string, model: Model): Model {
  try {
    return withDials(model, model.dials)
  } catch (cause) {
    // What the method needs and the file does not hold.
    if (cause instanceof DatasetError) throw new ModelFileError(source, cause.message, { cause })
    throw cause
  }
}

const metrics = v.record(v.string(), v.number())

/** JSON makes null of ∞, which is the rate of an epoch that took no time by the clock. */
const rate = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Infinity),
)

export const historySchema: v.GenericSchema<unknown, EpochRecord[]> = v.array(
  v.object({
    epoch: v.number(),
    loss: v.number(),
    learningRate: v.number(),
    seconds: v.number(),
    triplesPerSecond: rate,
    validation: v.exactOptional(metrics),
  }),
)

const device: v.GenericSchema<unknown, DeviceInfo> = v.object({
  name: v.string(),
  vendor: v.string(),
  architecture: v.string(),
  kind: v.picklist(['hardware', 'software']),
  reason: v.string(),
})

const modelSchema = v.object({
  kind: v.literal('model'),
  version: v.literal(VERSION),
  dials: dialsSchema,
  epoch: v.number(),
  stopped: v.picklist(['epochs', 'patience', 'aborted']),
  config: trainConfigSchema,
  dataset: v.string(),
  dataHash: v.string(),
  engine: v.string(),
  device,
  history: historySchema,
})
