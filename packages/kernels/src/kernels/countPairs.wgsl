// How many pairs of counterparts a step touches: of items, then of users if these have counterparts. A workgroup each.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "armPairs.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
// See kernels/segmentSum.wgsl.
@group(0) @binding(1) var<storage, read> touched: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> pairCounts: array<u32>;

const THREADS = 256u;
var<workgroup> threadCounts: array<u32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let counts = runCounts();
  let kind = workgroupNumber(workgroupId, workgroupCount);
  let begin = select(0u, counts.y, kind == 0u);
  let end = select(counts.y, counts.x, kind == 0u);
  var count = 0u;
  for (var number = begin + localIndex; number < end; number += THREADS) {
    let row = rowOfRun(number);
    count += select(0u, 1u, standsForPair(row, pairOf(row)));
  }
  threadCounts[localIndex] = count;
  workgroupBarrier();
  for (var reach = THREADS / 2u; reach > 0u; reach >>= 1u) {
    if (localIndex < reach) {
      threadCounts[localIndex] += threadCounts[localIndex + reach];
    }
    workgroupBarrier();
  }
  if (localIndex == 0u) {
    pairCounts[kind] = threadCounts[0];
  }
}
