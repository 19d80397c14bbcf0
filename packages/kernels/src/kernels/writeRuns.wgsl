// The runs of every step: [step][0] = (number of runs, how many of them are users'), then (row, first place, next touch, –) of each run in
// ascending row order, then one entry more that holds the end of the last run. Next touches are kernels/linkTouches.wgsl's.
//#include "runHeads.wgsl"

@group(0) @binding(0) var<storage, read> keys: array<u32>;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> runs: array<vec4u>;
@group(0) @binding(3) var<uniform> plan: Plan;

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
  let base = index * plan.occurrences;
  let begin = min(tile * TILE + localIndex * KEYS, plan.occurrences);
  let end = min(begin + KEYS, plan.occurrences);
  let countBase = index * (plan.tiles + 1u);
  let runBase = index * (plan.occurrences + 2u);

  var run = counts[countBase + tile] + exclusiveSum(runHeadsBetween(base, begin, end), localIndex);
  for (var place = begin; place < end; place++) {
    let key = keys[base + place];
    // Who meets the first item knows how many runs are users'; in a step without items all are.
    if (key >= plan.firstItem && (place == 0u || keys[base + place - 1u] < plan.firstItem)) {
      runs[runBase] = vec4u(counts[countBase + plan.tiles], run, 0u, 0u);
    } else if (key < plan.firstItem && place == plan.occurrences - 1u) {
      runs[runBase] = vec4u(vec2u(counts[countBase + plan.tiles]), 0u, 0u);
    }
    if (isRunHead(base, place)) {
      // The padding's head is no run and not counted, but its place is where the last run ends.
      runs[runBase + 1u + run] = vec4u(key, place, 0u, 0u);
      run += 1u;
    }
    if (place == plan.occurrences - 1u && key != PADDING) {
      runs[runBase + 1u + run] = vec4u(PADDING, plan.occurrences, 0u, 0u);
    }
  }
}
