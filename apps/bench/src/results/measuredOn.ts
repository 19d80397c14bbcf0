import { cpus, totalmem } from 'node:os'
import { versions } from '@gradrec/cli'
import type { Engine } from '@gradrec/engine'
import { FORMAT, type ResultFile } from './resultFile.ts'

/** Everything a result file says besides the measurement: machine, device, versions, commit and command. */
export async function measuredOn(
  part: string,
  engine: Engine,
  { quick, command, now }: { readonly quick: boolean; readonly command: string; readonly now: Date },
): Promise<Omit<ResultFile, 'config' | 'data' | 'figures'>> {
  const { gradrec, node, platform, webgpu, commit = 'unknown' } = await versions()
  return {
    format: FORMAT,
    part,
    measuredAt: now.toISOString(),
    commit,
    command,
    quick,
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform,
      node,
      ...(webgpu !== undefined && { webgpu }),
      gradrec,
    },
    engine: { name: engine.name, device: engine.device },
  }
}
