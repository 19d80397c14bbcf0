// How many runs begin in each tile; laid out [step][tile], scanned by scanCounts.
//#include "runHeads.wgsl"

@group(0) @binding(0) var<storage, read> keys: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<uniform> plan: Plan;

@compute @workgroup_size(TILE_THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount);
  if (id >= plan.steps * plan.tiles) {
    return;
  }
  let index = id / plan.tiles;
  let tile = id % plan.tiles;
  let begin = min(tile * TILE + localIndex * KEYS, plan.occurrences);
  let heads = runHeadsBetween(index * plan.occurrences, begin, min(begin + KEYS, plan.occurrences));
  let before = exclusiveSum(heads, localIndex);
  if (localIndex == TILE_THREADS - 1u) {
    counts[index * (plan.tiles + 1u) + tile] = before + heads;
  }
}
