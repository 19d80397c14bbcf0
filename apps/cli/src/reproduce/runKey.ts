import { createHash } from 'node:crypto'
import type { TrainConfig } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import { canonicalJson } from './canonicalJson.ts'

/** Takes a new number when the same configuration on the same data gives another model: older runs are then trained anew. */
const FORMAT = 'gradrec reproduce run 1'

/**
 * The folder name of a training: readable, with a hash of all that decides the trained model, so that a change of any of it is another
 * run. Dials are not among it: they are turned after training. Neither is the engine: all of them train the same model, to rounding.
 */
export function runKey(config: TrainConfig, dataset: Pick<Dataset, 'name' | 'hash' | 'protocol'>): string {
  const content = canonicalJson({ format: FORMAT, config, data: dataset.hash, protocol: dataset.protocol })
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  return [dataset.name, config.backbone.kind, config.method.kind, `s${config.seed}`, digest].join('-')
}
