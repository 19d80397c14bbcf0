import type { Optimizer } from '@gradrec/engine'
import { bindUpdate, slotNames, stepScalars } from '../optimizerState.ts'
import { NO_STEP, StepUniforms } from '../stepUniforms.ts'
import { checkSameShape, tensor, vectorsOf, type Tensor } from './tensor.ts'

export type AdamOptions = Extract<Optimizer, { readonly kind: 'adam' }>

/** What Adam remembers between updates of one table. */
export interface AdamState {
  /** Updates done. */
  step: number
  /** m, v and, with amsgrad, the largest v, four numbers of each in turn: rows × 2d or 3d. */
  readonly moments: Tensor
}

/** A fresh state, all zeros. */
export function adamState(table: Tensor, options: AdamOptions): AdamState {
  const { device, rows, dimension } = table
  return { step: 0, moments: tensor(device, rows, dimension * slotNames(options).length) }
}

/** One dense update of `table`, in place, with PyTorch's semantics. */
export async function adam(table: Tensor, gradient: Tensor, state: AdamState, options: AdamOptions): Promise<void> {
  checkSameShape(table, gradient)
  vectorsOf(table)
  const { device, rows, dimension } = table
  const touched = device.storage('no marks', rows * 8)
  const dispatch = await bindUpdate(device, options, rows, dimension, {
    table: table.buffer,
    storedMoments: state.moments.buffer,
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
