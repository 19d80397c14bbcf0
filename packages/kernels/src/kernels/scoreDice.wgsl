// The first half of a step with DICE, as kernels/score.wgsl is with a pairwise objective; the formulas are in
// packages/oracle/src/dice.ts. With x⁽ⁿ⁾_k = y⁽ⁿ⁾ − y⁽ⁿ⁾_k the difference of products of halves n = 1, 2, and c⁽ⁿ⁾_k the loss's
// derivatives by them over the number of triples, the gradients by half n are
//   ∂/∂p = Σ_k c⁽ⁿ⁾_k (q − n_k)      ∂/∂q = (Σ_k c⁽ⁿ⁾_k) p      ∂/∂n_k = −c⁽ⁿ⁾_k p,
// so an occurrence has a coefficient for each half.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "lanePairs.wgsl"
//#include "snapshots.wgsl"
//#include "logistic.wgsl"

// Weights of the losses, before they decay.
override interest: f32;
override conformity: f32;
// Row of the first item.
override firstItem: u32;

@group(0) @binding(0) var<storage, read> embeddings: array<vec4f>;
@group(0) @binding(1) var<storage, read> rowsOfStep: array<u32>;
// See wgsl/snapshots.wgsl. Coefficients: 1 for the user, Σ_k c⁽ⁿ⁾_k for the positive, −c⁽ⁿ⁾_k for each negative.
@group(0) @binding(2) var<storage, read_write> snapshots: array<vec4f>;
// As in kernels/score.wgsl; without the discrepancy.
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
// By item number.
@group(0) @binding(4) var<storage, read> popularity: array<u32>;

struct DiceTerm {
  loss: f32,
  // c⁽¹⁾, c⁽²⁾.
  slopes: vec2f,
}

fn diceTerm(x: vec2f, negativeIsMorePopular: bool) -> DiceTerm {
  let interestWeight = select(0.0, interest * step.decay, negativeIsMorePopular);
  let conformityWeight = conformity * step.decay;
  // The sign that x⁽²⁾ should have: conformity is higher for the more popular item.
  let direction = select(1.0, -1.0, negativeIsMorePopular);
  let click = logisticTerm(x.x + x.y);
  let byInterest = logisticTerm(x.x);
  let byConformity = logisticTerm(direction * x.y);
  return DiceTerm(
    click.loss + interestWeight * byInterest.loss + conformityWeight * byConformity.loss,
    click.slope + vec2f(interestWeight * byInterest.slope, conformityWeight * direction * byConformity.slope),
  );
}

// Products of the first and of the second halves of two rows. Must be reached by the whole workgroup.
fn productsOfHalves(user: u32, item: u32, localIndex: u32) -> vec2f {
  var sums = vec2f();
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    let product = dot(embeddings[user + v], embeddings[item + v]);
    sums += select(vec2f(product, 0.0), vec2f(0.0, product), v >= vectors / 2u);
  }
  return pairOverLanes(sums, localIndex);
}

fn storeCoefficients(slot: u32, k: u32, ofHalves: vec2f) {
  snapshots[coefficientPlace(slot, k, 0u)][k % 4u] = ofHalves.x;
  snapshots[coefficientPlace(slot, k, 1u)][k % 4u] = ofHalves.y;
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
  let positivePopularity = popularity[positiveRow - firstItem];
  let positiveProducts = productsOfHalves(user, positive, localIndex);

  var loss = 0.0;
  var positiveSlopes = vec2f();
  for (var k = 2u; k < negatives + 2u; k++) {
    let negativeRow = rowsOfStep[rowBase + k];
    let x = positiveProducts - productsOfHalves(user, negativeRow * vectors, localIndex);
    let term = diceTerm(x, popularity[negativeRow - firstItem] > positivePopularity);
    let slopes = step.inverseTriples * term.slopes;
    loss += term.loss;
    positiveSlopes += slopes;
    if (isActive && lane == 0u) {
      storeCoefficients(slot, k, -slopes);
    }
  }
  if (isActive && lane == 0u) {
    storeCoefficients(slot, 0u, vec2f(1.0));
    storeCoefficients(slot, 1u, positiveSlopes);
  }
  if (number < batch && lane == 0u) {
    losses[step.index * batch + number] = select(0.0, loss, isActive);
  }
  storageBarrier();
  if (!isActive) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    var gradient = vec4f();
    for (var k = 1u; k < negatives + 2u; k++) {
      let coefficient = snapshots[coefficientPlace(slot, k, coefficientOf(v))][k % 4u];
      gradient += coefficient * embeddings[rowsOfStep[rowBase + k] * vectors + v];
    }
    snapshots[snapshotPlace(USER, slot, v)] = embeddings[user + v];
    snapshots[snapshotPlace(USER_GRADIENT, slot, v)] = gradient;
  }
}
