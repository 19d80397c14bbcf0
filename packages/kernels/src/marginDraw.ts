import { popularityOrder, wholeMargin, type Csr, type PopularityMargin } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import type { NegativeDraw } from './tripleSampler.ts'
import { sampleByMargin } from './wgsl.generated.ts'

/** A margin above all differences of counts is as good as this one. */
const LARGEST_MARGIN = 0xffffffff

/** Negatives by popularity: kernels/sampleByMargin.wgsl. */
export async function createMarginDraw(
  device: KernelDevice,
  margin: PopularityMargin,
  interactions: Csr,
  { steps, stepsPerEpoch }: { readonly steps: number; readonly stepsPerEpoch: number },
): Promise<NegativeDraw> {
  const kernel = await device.kernel(sampleByMargin, {})
  const { items, counts, owned } = popularityOrder(margin.popularity, interactions)
  const own = await device.allocate('the order of popularity', () => ({
    order: device.upload('items by popularity', alternating(items, counts)),
    owned: device.upload('interactions by popularity', owned),
    popularity: device.upload('popularity of items', margin.popularity),
    margins: device.storage('margins of a horizon', steps * 4),
    rule: device.uniform('rule of the margin', sampleByMargin.uniforms.rule, {
      pool: margin.pool,
      downByHalf: margin.downRule === 'half' ? 1 : 0,
    }),
  }))
  return {
    bind: (buffers) => kernel.bind({ ...buffers, ...own }, 0),
    prepare: (firstStep, count) => {
      const epochOf = (index: number): number => Math.floor((firstStep + index) / stepsPerEpoch)
      const marginOf = (index: number): number => Math.min(LARGEST_MARGIN, wholeMargin(margin, epochOf(index)))
      device.write(
        own.margins,
        Uint32Array.from({ length: count }, (_, index) => marginOf(index)),
      )
    },
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
    },
  }
}

/** a[0], b[0], a[1], b[1] … */
function alternating(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(2 * a.length)
  for (let at = 0; at < a.length; at++) {
    both[2 * at] = a[at]!
    both[2 * at + 1] = b[at]!
  }
  return both
}
