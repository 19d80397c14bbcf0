// Sorting, first of three: how often each digit occurs in each tile. `counts` is laid out [step][digit][tile], so that its
// prefix sum gives every tile the place where its keys of a digit go.
//#include "digits.wgsl"

@group(0) @binding(0) var<storage, read> keysIn: array<u32>;
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
  countDigits(index * plan.occurrences, begin, min(begin + KEYS, plan.occurrences), localIndex);
  if (localIndex < DIGITS) {
    var sum = 0u;
    for (var thread = 0u; thread < TILE_THREADS; thread++) {
      sum += digitCounts[localIndex * TILE_THREADS + thread];
    }
    counts[index * (DIGITS * plan.tiles + 1u) + localIndex * plan.tiles + tile] = sum;
  }
}
