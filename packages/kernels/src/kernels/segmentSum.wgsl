// The second half of a step, a lane group per touched row: sums the row's run of occurrences in sorted order. No atomics, no
// lost updates, the same bits every time.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"

override batch: u32;
override negatives: u32;

@group(0) @binding(0) var<storage, read> runs: array<vec2u>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> coefficients: array<f32>;
@group(0) @binding(3) var<storage, read> snapshots: array<vec4f>;
// Written for touched rows only.
@group(0) @binding(4) var<storage, read_write> gradient: array<vec4f>;
// Per row: (stamp of the step that touched it last, bits of its share of the triples for the L2 term).
@group(0) @binding(5) var<storage, read_write> touched: array<vec2u>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let run = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let places = batch * (negatives + 2u);
  let runBase = step.index * (places + 2u);
  if (run >= runs[runBase].x) {
    return;
  }
  let row = runs[runBase + 1u + run].x;
  let begin = step.index * places + runs[runBase + 1u + run].y;
  let end = step.index * places + runs[runBase + 2u + run].y;
  for (var v = lane; v < vectors; v += lanes) {
    var sum = vec4f();
    for (var place = begin; place < end; place++) {
      let occurrence = order[place];
      let slot = occurrence / (negatives + 2u);
      let isUser = occurrence % (negatives + 2u) == 0u;
      sum += coefficients[occurrence] * snapshots[select(slot, batch + slot, isUser) * vectors + v];
    }
    gradient[row * vectors + v] = sum;
  }
  if (lane == 0u) {
    // A user or positive takes part in `negatives` triples, a negative in one.
    var triples = 0.0;
    for (var place = begin; place < end; place++) {
      triples += select(1.0, f32(negatives), order[place] % (negatives + 2u) < 2u);
    }
    touched[row] = vec2u(step.stamp, bitcast<u32>(triples * step.inverseTriples));
  }
}
