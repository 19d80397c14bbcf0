import { describeEngine } from '@gradrec/parity'
import { openWebGpuEngine } from '../src/index.ts'
import { TEST_ADAPTER, TUNINGS } from './testDevice.ts'

for (const [name, tuning] of TUNINGS) {
  // Small horizons, chunks, grids and blocks, so that small runs cross their borders too.
  const small = { horizonSteps: 5, edgesPerChunk: 6, gridWidth: 50, rankScores: 3000 }
  describeEngine('webgpu', () => openWebGpuEngine({ adapter: TEST_ADAPTER, tuning: { ...tuning, ...small } }), name)
}
