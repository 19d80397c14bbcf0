import { Stream } from '@gradrec/engine'

/** Philox streams of the bench's own draws, far above those of the simulator in `packages/data`. */
export const Draw: Readonly<Record<'order' | 'longRows' | 'rows' | 'repair', number>> = {
  order: Stream.simulator + 64,
  longRows: Stream.simulator + 65,
  rows: Stream.simulator + 66,
  repair: Stream.simulator + 67,
}
