// Loss and gradients of triples given as rows: a lane group per triple (p, q, n), x = p·(q − n),
//   loss = −ln σ(x),  ∂p = c (q − n),  ∂q = c p,  ∂n = −c p  with  c = −weight · σ(−x).
//#include "grid.wgsl"
//#include "laneGroup.wgsl"
//#include "logistic.wgsl"

override tripleCount: u32;
override weight: f32;

@group(0) @binding(0) var<storage, read> users: array<vec4f>;
@group(0) @binding(1) var<storage, read> positives: array<vec4f>;
@group(0) @binding(2) var<storage, read> negatives: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> userGradients: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> positiveGradients: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> negativeGradients: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  // Groups without a triple work on the last one, so that all meet at the barriers, and write nothing.
  let base = min(number, tripleCount - 1u) * vectors;
  var difference = 0.0;
  for (var v = lane; v < vectors; v += lanes) {
    difference += dot(users[base + v], positives[base + v] - negatives[base + v]);
  }
  let term = logisticTerm(sumOverLanes(difference, localIndex));
  if (number >= tripleCount) {
    return;
  }
  let c = weight * term.slope;
  for (var v = lane; v < vectors; v += lanes) {
    userGradients[base + v] = c * (positives[base + v] - negatives[base + v]);
    positiveGradients[base + v] = c * users[base + v];
    negativeGradients[base + v] = -c * users[base + v];
  }
  if (lane == 0u) {
    losses[number] = term.loss;
  }
}
