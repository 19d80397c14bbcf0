// The distance correlation of the halves of a step's distinct users, and of its distinct items, as a term to minimise
// (packages/engine/src/objective.ts, `Discrepancy`): its gradient by every row, which the update adds to the row's own.
//
//   pack rows → distances and their sums → means of rows → gradients
import { DISTANCE_SCRATCH, distanceGradients } from './distanceGradient'
import { chooseRows, packRows } from './distancePanels'
import { averageAll, averageRows, sumTiles } from './distanceSums'
import { FitBlock } from './fitBlock'
import { AVERAGE_ROWS, DISTANCE_GRADIENTS, endPhase, PACK_ROWS, SUM_TILES } from './phases'
import { me } from './team'

/** Writes the gradients of step `index` by the final rows of its runs to `distanceGradients`. */
export function correlateHalves(fit: FitBlock, index: u32, scratch: usize): void {
  const own = fit.distanceScratch + me * DISTANCE_SCRATCH
  for (let kind = 0; kind < 2; kind++) {
    chooseRows(fit, index, kind === 0, scratch)
    packRows(fit, index, scratch)
    endPhase(fit, PACK_ROWS)
    sumTiles(fit, own)
    endPhase(fit, SUM_TILES)
    averageRows(fit)
    endPhase(fit, AVERAGE_ROWS)
    averageAll(fit)
    distanceGradients(fit, own)
    endPhase(fit, DISTANCE_GRADIENTS)
  }
}
