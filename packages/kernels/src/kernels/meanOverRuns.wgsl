// The mean of what every run of a step has, over its users and over its items: a workgroup each, in a fixed order.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "runs.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
// By run.
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
// Of users, of items.
@group(0) @binding(2) var<storage, read_write> means: array<vec4f>;

const THREADS = 128u;
var<workgroup> threadSums: array<vec4f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let counts = runCounts();
  let kind = workgroupNumber(workgroupId, workgroupCount);
  let begin = select(counts.y, 0u, kind == 0u);
  let end = select(counts.x, counts.y, kind == 0u);
  var sum = vec4f();
  for (var run = begin + localIndex; run < end; run += THREADS) {
    sum += values[run];
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
    means[kind] = threadSums[0] / f32(max(end - begin, 1u));
  }
}
