import type { Model, TrainConfig } from '@gradrec/core'
import { count } from './formatNumbers.ts'

/** `lgn with 2 layers, 32 dimensions, method gradient`. */
export function describeConfig({ backbone, dimension, method }: TrainConfig): string {
  const layers = backbone.kind === 'lgn' ? ` with ${backbone.layers} layers` : ''
  return `${backbone.kind}${layers}, ${dimension} dimensions, method ${method.kind}`
}

/** `mf, 32 dimensions, method gradient, epoch 15, trained on simulated: 1,000 users × 600 items`. */
export function describeModel({ config, epoch, dataset, users, items }: Model): string {
  return (
    `${describeConfig(config)}, epoch ${count(epoch)}, ` +
    `trained on ${dataset}: ${count(users.size)} users × ${count(items.size)} items`
  )
}
