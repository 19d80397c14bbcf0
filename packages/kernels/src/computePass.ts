/** What encoding a dispatch needs of a compute pass: one of WebGPU's, or something that looks at dispatches on their way to one. */
export interface ComputePass {
  setPipeline(pipeline: GPUComputePipeline): void
  setBindGroup(index: number, group: GPUBindGroup, offsets?: number[]): void
  dispatchWorkgroups(x: number, y?: number): void
}
