import { SpecError, type Csr, type Ranking } from '@gradrec/engine'
import { TopKStage } from '../topKStage.ts'
import type { Tensor } from './tensor.ts'

/**
 * The k best columns of every row of scores, exactly; ties go to the lower column.
 *
 * @param scores rows × columns, finite; left as it is
 * @param options.k 1 … 1,024
 * @param options.exclude columns never listed, a row for each row of `scores`
 */
export async function topk(scores: Tensor, options: { readonly k: number; readonly exclude?: Csr }): Promise<Ranking> {
  const { device, rows, dimension: columns } = scores
  const { k, exclude } = options
  if (exclude !== undefined && (exclude.rows !== rows || exclude.columnCount !== columns)) {
    throw new SpecError(
      `exclude is ${exclude.rows} × ${exclude.columnCount}; expected ${rows} × ${columns}, like the scores`,
    )
  }
  const copy = await device.allocate('a copy of the scores', () => device.storage('scores', rows * columns * 4))
  const stage = await TopKStage.create(device, copy, rows, columns, k, exclude)
  try {
    return await stage.run(0, rows, (encoder) =>
      encoder.copyBufferToBuffer(scores.buffer, 0, copy, 0, rows * columns * 4),
    )
  } finally {
    stage.destroy()
    copy.destroy()
  }
}
