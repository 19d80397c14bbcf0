// Exclusive prefix sums, one workgroup a step, over `entries` counts a step; the sum of all stands behind them.
//#include "tile.wgsl"

struct Scan {
  steps: u32,
  entries: u32,
}

@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<uniform> scan: Scan;

@compute @workgroup_size(TILE_THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let index = workgroupNumber(workgroupId, workgroupCount);
  if (index >= scan.steps) {
    return;
  }
  let base = index * (scan.entries + 1u);
  let each = (scan.entries + TILE_THREADS - 1u) / TILE_THREADS;
  let begin = min(localIndex * each, scan.entries);
  let end = min(begin + each, scan.entries);
  var sum = 0u;
  for (var entry = begin; entry < end; entry++) {
    sum += counts[base + entry];
  }
  var before = exclusiveSum(sum, localIndex);
  for (var entry = begin; entry < end; entry++) {
    let count = counts[base + entry];
    counts[base + entry] = before;
    before += count;
  }
  if (localIndex == TILE_THREADS - 1u) {
    counts[base + scan.entries] = before;
  }
}
