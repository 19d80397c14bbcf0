// The first pass of the distance correlation: of every distinct row of a step, how far it is from those like it on average, in the
// first and in the second halves.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "lanePairs.wgsl"
//#include "distances.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> embeddings: array<vec4f>;
// By run.
@group(0) @binding(2) var<storage, read_write> meansOfRuns: array<vec4f>;

// Blocks that a stage adds up.
const STAGE = 32u;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let alike = alikeOf(workgroupNumber(workgroupId, workgroupCount));
  if (alike.begin >= alike.count) {
    return;
  }
  let number = alike.begin + localIndex / lanes;
  let isActive = number < alike.count;
  // Groups without a row work on the last one, so that all meet at the barriers, and write nothing.
  let run = alike.first + min(number, alike.count - 1u);
  let row = rowOfRun(run);
  // Centred distances are small beside distances, so that their rounding counts: sums over thousands of rows in two stages.
  var sums = vec2f();
  var stage = vec2f();
  for (var block = 0u; block < alike.count; block += lanes) {
    let distances = distancesToBlock(row, alike, block, localIndex);
    stage += select(vec2f(), distances, block + lane < alike.count);
    if (block / lanes % STAGE == STAGE - 1u) {
      sums += stage;
      stage = vec2f();
    }
  }
  sums = pairOverLanes(sums + stage, localIndex) / f32(alike.count);
  if (isActive && lane == 0u) {
    meansOfRuns[run] = vec4f(sums, 0.0, 0.0);
  }
}
