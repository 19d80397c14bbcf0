// Sums each step's losses, one workgroup a step, in a fixed order.
//#include "grid.wgsl"

struct LossSum {
  steps: u32,
  batch: u32,
}

@group(0) @binding(0) var<storage, read> losses: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> lossSum: LossSum;

const THREADS = 128u;
var<workgroup> threadSums: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let index = workgroupNumber(workgroupId, workgroupCount);
  if (index >= lossSum.steps) {
    return;
  }
  var sum = 0.0;
  for (var slot = localIndex; slot < lossSum.batch; slot += THREADS) {
    sum += losses[index * lossSum.batch + slot];
  }
  threadSums[localIndex] = sum;
  workgroupBarrier();
  for (var reach = THREADS / 2u; reach > 0u; reach >>= 1u) {
    if (localIndex < reach) {
      threadSums[localIndex] += threadSums[localIndex + reach];
    }
    workgroupBarrier();
  }
  if (localIndex == 0u) {
    sums[index] = threadSums[0];
  }
}
