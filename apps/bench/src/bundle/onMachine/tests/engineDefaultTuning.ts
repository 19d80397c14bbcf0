import { openWebGpuEngine } from '@gradrec/kernels'
import { describeEngine } from '@gradrec/parity'

// The suite of all engines, cut up as users get it on this adapter; the tests of @gradrec/kernels force small and odd cuts.
describeEngine(
  'webgpu',
  () => openWebGpuEngine({ adapter: process.env['GRADREC_TEST_ADAPTER'] ?? 'auto' }),
  'as by default',
)
