// Adds the gradient of the discrepancy between two arms, weight · mean |D| (l1) or weight · mean D² (l2) with D the differences between
// counterparts, to that of the data: a lane group for every run that stands for a pair. A counterpart that has no run of its own
// gets its first gradient here, and becomes a touched row with no share of the triples, which L2 does not act on.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "armPairs.wgsl"

// 1: l1. 2: l2.
override discrepancy: u32;
override weight: f32;
// 1: treatment rows get nothing.
override stopAtTreatment: u32;

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
// What was scored.
@group(0) @binding(1) var<storage, read> embeddings: array<vec4f>;
// Of items, of users.
@group(0) @binding(2) var<storage, read> pairCounts: array<u32>;
// See kernels/segmentSum.wgsl.
@group(0) @binding(3) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> touched: array<vec2u>;

fn addToGradient(place: u32, slope: vec4f, rowIsTouched: bool) {
  var sum = slope;
  if (rowIsTouched) {
    sum += gradient[place];
  }
  gradient[place] = sum;
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let group = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let number = firstPairedRun() + group;
  let row = rowOfRun(min(number, runCount() - 1u));
  let pair = pairOf(row);
  let isMine = number < runCount() && standsForPair(row, pair);
  let controlIsTouched = isTouched(pair.control);
  let treatmentIsTouched = isTouched(pair.treatment);
  // All lanes have read the marks before one of them writes them. No other group reads marks that are written here: a row that is
  // not touched has one counterpart only, whose run is this one.
  workgroupBarrier();
  if (!isMine) {
    return;
  }
  let scale = weight / f32(pairCounts[select(1u, 0u, row >= users)] * 4u * vectors);
  for (var v = lane; v < vectors; v += lanes) {
    let difference = embeddings[pair.control * vectors + v] - embeddings[pair.treatment * vectors + v];
    let slope = scale * select(2.0 * difference, sign(difference), discrepancy == 1u);
    addToGradient(pair.control * vectors + v, slope, controlIsTouched);
    // Propagation takes every counterpart's gradient, also one that gets nothing.
    addToGradient(pair.treatment * vectors + v, select(-slope, vec4f(), stopAtTreatment == 1u), treatmentIsTouched);
  }
  if (lane == 0u && !controlIsTouched) {
    touched[pair.control] = vec2u(step.stamp, 0u);
  }
  if (lane == 0u && !treatmentIsTouched && stopAtTreatment == 0u) {
    touched[pair.treatment] = vec2u(step.stamp, 0u);
  }
}
