import { resultFileName, type ResultFile } from '../results/resultFile.ts'
import type { NamedResult } from './figureSchemas.ts'

const ENGINES: Readonly<Record<string, string>> = { wasm: 'WebAssembly', webgpu: 'WebGPU' }

/** `AMD EPYC, WebAssembly`: what tells results of one part apart. */
export function deviceTitle({ engine }: Pick<ResultFile, 'engine'>): string {
  return `${engine.device.name}, ${ENGINES[engine.name] ?? engine.name}`
}

/** Whether a result was measured on a GPU. */
export function isOnGpu({ engine }: Pick<ResultFile, 'engine'>): boolean {
  return engine.device.kind === 'hardware'
}

/** File name of a part's figure for a device, without what it ends in. */
export function figureName(result: Pick<ResultFile, 'part' | 'engine' | 'quick'>): string {
  return resultFileName(result).replace(/\.json$/, '')
}

/** The results of a part, GPUs first; where a device was measured in full and quickly, only in full. */
export function resultsOf(part: string, results: readonly NamedResult[]): readonly NamedResult[] {
  const own = results.filter(({ result }) => result.part === part)
  const full = new Set(own.filter(({ result }) => !result.quick).map(({ result }) => deviceTitle(result)))
  return own
    .filter(({ result }) => !result.quick || !full.has(deviceTitle(result)))
    .toSorted(
      (a, b) =>
        Number(isOnGpu(b.result)) - Number(isOnGpu(a.result)) ||
        (deviceTitle(a.result) < deviceTitle(b.result) ? -1 : 1),
    )
}

/** When, from which commit, with which command and data a result was measured, in one paragraph. */
export function measuredLine({ name, result }: NamedResult): string {
  const { measuredAt, commit, command, quick, data, machine, engine } = result
  const simulated = data.filter(({ source }) => source === 'simulated').map((each) => each.name)
  const real = data.filter(({ source }) => source === 'real').map((each) => each.name)
  const sources = [
    real.length > 0 ? `real data (${real.join(', ')})` : '',
    simulated.length > 0 ? `simulated data (${[...new Set(simulated)].join(', ')})` : '',
  ].filter((text) => text !== '')
  const bindings = machine.webgpu === undefined || engine.name !== 'webgpu' ? '' : `, webgpu ${machine.webgpu}`
  return [
    quick ? '**Quick: sampled steps and few rounds.** ' : '',
    `Measured ${measuredAt.slice(0, 10)} at commit ${commit.slice(0, 12)} by \`${command}\` on ${sources.join(' and ') || 'no data'}; `,
    `${machine.processor}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, ${gibibytes(machine.memoryBytes)}, `,
    `${machine.platform}, Node ${machine.node}${bindings}; ${engine.device.reason} ([${name}](results/${name})).`,
  ].join('')
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(0)} GiB`
}
