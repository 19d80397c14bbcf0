// The first half of a step: a lane group per positive gathers the user's, the positive's and the negatives' rows, computes
// each triple's loss and slope, and keeps a snapshot of what the second half needs, since that overwrites rows.
//
// With x_k = p·(q − n_k) and c_k = slope(x_k) / triples, the gradients are
//   ∂/∂p = Σ_k c_k (q − n_k)      ∂/∂q = (Σ_k c_k) p      ∂/∂n_k = −c_k p,
// so every occurrence's gradient is a coefficient times one of two snapshot vectors: p for items, ∂/∂p itself for the user.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "bpr.wgsl"

override batch: u32;
override negatives: u32;

@group(0) @binding(0) var<storage, read> embeddings: array<vec4f>;
@group(0) @binding(1) var<storage, read> rowsOfStep: array<u32>;
// [2][batch][d]: user rows, then user gradients.
@group(0) @binding(2) var<storage, read_write> snapshots: array<vec4f>;
// [batch][negatives + 2]: 1 for the user, Σ c_k for the positive, −c_k for each negative.
@group(0) @binding(3) var<storage, read_write> coefficients: array<f32>;
// [steps of the horizon][batch]: loss of a positive, summed over its negatives; 0 where a short batch has none.
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let isActive = number < step.positives;
  // Groups without a positive work on the last one, so that all meet at the barriers, and write nothing.
  let slot = min(number, step.positives - 1u);
  let coefficientBase = slot * (negatives + 2u);
  let rowBase = step.index * batch * (negatives + 2u) + coefficientBase;
  let user = rowsOfStep[rowBase] * vectors;
  let positive = rowsOfStep[rowBase + 1u] * vectors;

  var loss = 0.0;
  var slopeSum = 0.0;
  for (var k = 0u; k < negatives; k++) {
    let negative = rowsOfStep[rowBase + 2u + k] * vectors;
    var difference = 0.0;
    for (var v = lane; v < vectors; v += lanes) {
      difference += dot(embeddings[user + v], embeddings[positive + v] - embeddings[negative + v]);
    }
    let term = bprTerm(sumOverLanes(difference, localIndex));
    let slope = term.slope * step.inverseTriples;
    loss += term.loss;
    slopeSum += slope;
    if (isActive && lane == 0u) {
      coefficients[coefficientBase + 2u + k] = -slope;
    }
  }
  if (isActive && lane == 0u) {
    coefficients[coefficientBase] = 1.0;
    coefficients[coefficientBase + 1u] = slopeSum;
  }
  if (number < batch && lane == 0u) {
    losses[step.index * batch + number] = select(0.0, loss, isActive);
  }
  storageBarrier();
  if (!isActive) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    var userGradient = slopeSum * embeddings[positive + v];
    for (var k = 0u; k < negatives; k++) {
      let negative = rowsOfStep[rowBase + 2u + k] * vectors;
      userGradient += coefficients[coefficientBase + 2u + k] * embeddings[negative + v];
    }
    snapshots[slot * vectors + v] = embeddings[user + v];
    snapshots[(batch + slot) * vectors + v] = userGradient;
  }
}
