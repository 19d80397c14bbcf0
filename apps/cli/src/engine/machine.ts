import type { Engine } from '@gradrec/engine'
import type { EngineKind, OpenEngineOptions } from '@gradrec/engines'
import type { AdapterDescription } from '@gradrec/kernels'

/** What opening an engine needs from the machine. Tests hand in machines of their own. */
export interface Machine {
  readonly platform: string
  /** Whether this process was started by another `gradrec`, with a software driver in its environment. */
  readonly restarted: boolean
  /** What the machine's Vulkan, Metal or Direct3D drivers offer; empty without any. */
  describeAdapters(): Promise<readonly AdapterDescription[]>
  openEngine(kind: EngineKind, options: OpenEngineOptions): Promise<Engine>
  /** The environment in which a new process finds a driver that runs on the CPU. */
  softwareEnvironment(): Promise<Record<string, string>>
  /** Runs this command once more in a new process with more environment; resolves to its exit code. */
  restart(environment: Record<string, string>): Promise<number>
}
