// The first half of a step with a pairwise objective: a lane group per positive gathers the user's, the positive's and the
// negatives' rows, computes each triple's loss and slopes, and keeps a snapshot of what the second half needs, since that
// overwrites rows.
//
// With p̂ = p / ‖p‖ (or p itself), products y = p̂·q and y_k = p̂·n_k, and c_k⁺, c_k⁻ the loss's derivatives by them over the
// number of triples, the gradients are
//   g = ∂/∂p̂ = Σ_k (c_k⁺ q + c_k⁻ n_k)      ∂/∂q = (Σ_k c_k⁺) p̂      ∂/∂n_k = c_k⁻ p̂
//   ∂/∂p = (g − (g·p̂) p̂) / ‖p‖   with   g·p̂ = Σ_k (c_k⁺ y + c_k⁻ y_k),
// so every occurrence's gradient is a coefficient times one of two snapshot vectors: p̂ for items, ∂/∂p itself for the user.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "norm.wgsl"
//#include "snapshots.wgsl"
//#include "tripleTerm.wgsl"
//#include "itemScore.wgsl"

// 0: bpr. 1: bce.
override objective: u32;
// With bce: how much a negative weighs beside its positive.
override negativeWeight: f32;
// 1: users are scored with vectors of length one.
override unitUsers: u32;

@group(0) @binding(0) var<storage, read> embeddings: array<vec4f>;
@group(0) @binding(1) var<storage, read> rowsOfStep: array<u32>;
// See wgsl/snapshots.wgsl. Coefficients: 1 for the user, Σ_k c_k⁺ for the positive, c_k⁻ for each negative.
@group(0) @binding(2) var<storage, read_write> snapshots: array<vec4f>;
// [steps of the horizon][batch]: loss of a positive, summed over its negatives; 0 where a short batch has none.
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
// Of every item: the factor of its scores, the weight of triples with it as positive.
@group(0) @binding(4) var<storage, read> itemNumbers: array<vec2f>;

fn termOf(positiveScore: f32, negativeScore: f32) -> TripleTerm {
  if (objective == 1u) {
    return bceTerm(positiveScore, negativeScore, negativeWeight);
  }
  return bprTerm(positiveScore, negativeScore);
}

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
  let rowBase = (step.index * batch + slot) * (negatives + 2u);
  let user = rowsOfStep[rowBase] * vectors;
  let positiveRow = rowsOfStep[rowBase + 1u];
  let positive = positiveRow * vectors;

  var positiveSum = 0.0;
  for (var v = lane; v < vectors; v += lanes) {
    positiveSum += dot(embeddings[user + v], embeddings[positive + v]);
  }
  var inverseNorm = 1.0;
  if (unitUsers == 1u) {
    var squares = 0.0;
    for (var v = lane; v < vectors; v += lanes) {
      squares += dot(embeddings[user + v], embeddings[user + v]);
    }
    inverseNorm = inverseNormOf(sumOverLanes(squares, localIndex));
  }
  let positiveProduct = inverseNorm * sumOverLanes(positiveSum, localIndex);
  let positiveScore = scoreOf(positiveProduct, positiveRow);
  let weight = lossWeight(positiveRow);
  let share = weight * step.inverseTriples;

  var loss = 0.0;
  var positiveSlope = 0.0;
  // g·p̂
  var radial = 0.0;
  for (var k = 2u; k < negatives + 2u; k++) {
    let negativeRow = rowsOfStep[rowBase + k];
    let negative = negativeRow * vectors;
    var sum = 0.0;
    for (var v = lane; v < vectors; v += lanes) {
      sum += dot(embeddings[user + v], embeddings[negative + v]);
    }
    let product = inverseNorm * sumOverLanes(sum, localIndex);
    let negativeScore = scoreOf(product, negativeRow);
    let term = termOf(positiveScore.value, negativeScore.value);
    let negativeSlope = share * term.negativeSlope * negativeScore.slope;
    loss += weight * term.loss;
    positiveSlope += share * term.positiveSlope * positiveScore.slope;
    radial += negativeSlope * product;
    if (isActive && lane == 0u) {
      snapshots[coefficientPlace(slot, k, 0u)][k % 4u] = negativeSlope;
    }
  }
  radial += positiveSlope * positiveProduct;
  if (isActive && lane == 0u) {
    snapshots[coefficientPlace(slot, 0u, 0u)][0] = 1.0;
    snapshots[coefficientPlace(slot, 1u, 0u)][1] = positiveSlope;
  }
  if (number < batch && lane == 0u) {
    losses[step.index * batch + number] = select(0.0, loss, isActive);
  }
  storageBarrier();
  if (!isActive) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    let scored = inverseNorm * embeddings[user + v];
    let positiveVector = embeddings[positive + v];
    var gradient = positiveSlope * positiveVector;
    var recordedNegative = vec4f();
    for (var k = 2u; k < negatives + 2u; k++) {
      let coefficient = snapshots[coefficientPlace(slot, k, 0u)][k % 4u];
      let negativeVector = embeddings[rowsOfStep[rowBase + k] * vectors + v];
      gradient += coefficient * negativeVector;
      if (recording > 0u) {
        recordedNegative += recordedWeight(coefficient, k) * negativeVector;
      }
    }
    if (unitUsers == 1u) {
      gradient = inverseNorm * (gradient - radial * scored);
    }
    snapshots[snapshotPlace(USER, slot, v)] = scored;
    snapshots[snapshotPlace(USER_GRADIENT, slot, v)] = gradient;
    if (recording > 0u) {
      snapshots[snapshotPlace(USER_POSITIVE, slot, v)] = recordedWeight(positiveSlope, 1u) * positiveVector;
      snapshots[snapshotPlace(USER_NEGATIVE, slot, v)] = recordedNegative;
    }
  }
}
