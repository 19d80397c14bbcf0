import type { Optimizer } from '@gradrec/engine'
import { bindUpdate, slotNames, stepScalars } from '../optimizerState.ts'
import { NO_STEP, StepUniforms } from '../stepUniforms.ts'
import { checkSameShape, tensor, vectorsOf, type Tensor } from './tensor.ts'

export type AdamOptions = Extract<Optimizer, { readonly kind: 'adam' }>

/** What Adam remembers between updates of one table. */
export interface AdamState {
  /** Updates done. */
  step: number
  /** `m`, `v` and, with amsgrad, `vMax`: each shaped like the table. */
  readonly slots: Readonly<Record<string, Tensor>>
}

/** A fresh state, all zeros. */
export function adamState(table: Tensor, options: AdamOptions): AdamState {
  const slots = slotNames(options).map((name) => [name, tensor(table.device, table.rows, table.dimension)] as const)
  return { step: 0, slots: Object.fromEntries(slots) }
}

/** One dense update of `table`, in place, with PyTorch's semantics. */
export async function adam(table: Tensor, gradient: Tensor, state: AdamState, options: AdamOptions): Promise<void> {
  checkSameShape(table, gradient, ...Object.values(state.slots))
  vectorsOf(table)
  const { device, rows, dimension } = table
  const slots = Object.fromEntries(Object.entries(state.slots).map(([name, { buffer }]) => [name, buffer]))
  const touched = device.storage('no marks', rows * 8)
  const dispatch = await bindUpdate(device, options, rows, dimension, {
    table: table.buffer,
    slots,
    gradient: gradient.buffer,
    touched,
    gradientIsDense: true,
    l2: 0,
  })
  state.step++
  const steps = new StepUniforms(device, 1)
  steps.write([{ ...NO_STEP, ...stepScalars(options, state.step) }])
  device.submit((pass) => {
    steps.select(pass, 0)
    device.encode(pass, dispatch)
  })
  steps.destroy()
  touched.destroy()
}
