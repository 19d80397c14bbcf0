// Loss and gradients of triples given as rows: a lane group per triple (p, q, n), s = p·q, t = p·n,
//   loss = −ln σ(s) − ln(1 − σ(t)),  ∂p = a q + b n,  ∂q = a p,  ∂n = b p  with  a = −weight · σ(−s),  b = weight · σ(t).
//#include "grid.wgsl"
//#include "laneGroup.wgsl"
//#include "tripleTerm.wgsl"

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
  var positiveProduct = 0.0;
  var negativeProduct = 0.0;
  for (var v = lane; v < vectors; v += lanes) {
    positiveProduct += dot(users[base + v], positives[base + v]);
    negativeProduct += dot(users[base + v], negatives[base + v]);
  }
  let positiveScore = sumOverLanes(positiveProduct, localIndex);
  let term = bceTerm(positiveScore, sumOverLanes(negativeProduct, localIndex), 1.0);
  if (number >= tripleCount) {
    return;
  }
  let a = weight * term.positiveSlope;
  let b = weight * term.negativeSlope;
  for (var v = lane; v < vectors; v += lanes) {
    userGradients[base + v] = a * positives[base + v] + b * negatives[base + v];
    positiveGradients[base + v] = a * users[base + v];
    negativeGradients[base + v] = b * users[base + v];
  }
  if (lane == 0u) {
    losses[number] = term.loss;
  }
}
