import type { FitSpec } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'

/** Names of what a run records, in the order in which it lies in the buffer: see wgsl/occurrences.wgsl. */
export function recordedNames({ recording = 'none' }: Pick<FitSpec, 'recording'>): readonly string[] {
  return recording === 'none' ? [] : ['recordedPositive', 'recordedNegative']
}

/** [2][rows][d], zeros; with nothing to record a buffer that kernels can bind and never look at. */
export function recordedBuffer(device: KernelDevice, spec: FitSpec): GPUBuffer {
  return device.storage('what is recorded', recordedNames(spec).length * spec.initialTable.length * 4)
}

/** `recordedScale` of wgsl/step.wgsl. */
export function recordedScale({ recording }: FitSpec, learningRate: number, triples: number): number {
  return recording === 'gradient' ? learningRate * triples : learningRate
}
