import type { Model } from '@gradrec/core'
import { count } from './formatNumbers.ts'

/** `mf, method gradient, 32 dimensions, epoch 15, trained on simulated: 1,000 users × 600 items`. */
export function describeModel({ config, epoch, dataset, users, items }: Model): string {
  const { backbone, method, dimension } = config
  return (
    `${backbone.kind}, method ${method.kind}, ${dimension} dimensions, epoch ${count(epoch)}, ` +
    `trained on ${dataset}: ${count(users.size)} users × ${count(items.size)} items`
  )
}
