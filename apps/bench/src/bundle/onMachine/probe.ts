import { describeAdapters } from '@gradrec/kernels'
import { describeFailure, type Probed } from './probed.ts'

// Run in a process of its own: the Vulkan loader reads its environment once, and a driver that fails may take the process along.
const probed: Probed = await describeAdapters().then(
  (adapters) => ({ adapters }),
  (error: unknown) => ({ adapters: [], failure: describeFailure(error) }),
)
process.stdout.write(JSON.stringify(probed))
