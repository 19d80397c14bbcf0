// The first half of a step with MACR, as kernels/score.wgsl is with a pairwise objective; the formulas are in
// packages/oracle/src/macr.ts. Of an item with vector q the loss has a derivative by the product y = p·q and one by the tower's
// logit a = q·w_item; of the user by a_u = p·w_user. With these over the number of triples, and sums over k,
//   ∂/∂p = Σ (∂y) q + (∂a_u) w_user      ∂/∂q = (∂y) p + (∂a) w_item      ∂/∂w_user = (∂a_u) p      ∂/∂w_item = Σ (∂a) q,
// so an occurrence of an item has a coefficient for the user's vector and one for the item tower.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "lanePairs.wgsl"
//#include "snapshots.wgsl"
//#include "logistic.wgsl"

override itemWeight: f32;
override userWeight: f32;
// Row of w_user in the table; w_item is the next.
override userTower: u32;

@group(0) @binding(0) var<storage, read> embeddings: array<vec4f>;
@group(0) @binding(1) var<storage, read> rowsOfStep: array<u32>;
// See wgsl/snapshots.wgsl. Coefficients: for the vector 1 for the user and ∂y for items, for the tower ∂a_u and ∂a.
@group(0) @binding(2) var<storage, read_write> snapshots: array<vec4f>;
// As in kernels/score.wgsl.
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
// Holds the towers, which are not propagated.
@group(0) @binding(4) var<storage, read> table: array<vec4f>;

// What a triple has of one of its items.
struct ItemTerm {
  loss: f32,
  byProduct: f32,
  byLogit: f32,
  // What goes on to the user's logit through z.
  byFused: f32,
}

// `products` are y and a; `direction` is 1 for a positive and −1 for a negative: −ln (1 − σ(z)) is −ln σ(−z).
fn itemTerm(products: vec2f, userShare: f32, direction: f32) -> ItemTerm {
  let itemShare = sigmoid(products.y);
  let z = products.x * itemShare * userShare;
  let fused = logisticTerm(direction * z);
  let tower = logisticTerm(direction * products.y);
  let byZ = direction * fused.slope;
  return ItemTerm(
    fused.loss + itemWeight * tower.loss,
    byZ * itemShare * userShare,
    byZ * z * sigmoid(-products.y) + itemWeight * direction * tower.slope,
    byZ * z,
  );
}

// (p·q, q·w_item). Must be reached by the whole workgroup.
fn productsOf(user: u32, item: u32, localIndex: u32) -> vec2f {
  var sums = vec2f();
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    let q = embeddings[item + v];
    sums += vec2f(dot(embeddings[user + v], q), dot(q, table[(userTower + 1u) * vectors + v]));
  }
  return pairOverLanes(sums, localIndex);
}

fn storeCoefficients(slot: u32, k: u32, forVector: f32, forTower: f32) {
  snapshots[coefficientPlace(slot, k, 0u)][k % 4u] = forVector;
  snapshots[coefficientPlace(slot, k, 1u)][k % 4u] = forTower;
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
  let positive = rowsOfStep[rowBase + 1u] * vectors;

  var userSum = 0.0;
  for (var v = lane; v < vectors; v += lanes) {
    userSum += dot(embeddings[user + v], table[userTower * vectors + v]);
  }
  let userLogit = sumOverLanes(userSum, localIndex);
  let userShare = sigmoid(userLogit);
  let remainder = sigmoid(-userLogit);
  let userLoss = userWeight * (logisticTerm(userLogit).loss + logisticTerm(-userLogit).loss);

  // All triples of a slot have the same term of their positive, and the same of their user.
  let triples = f32(negatives);
  let ofPositive = itemTerm(productsOf(user, positive, localIndex), userShare, 1.0);
  var loss = triples * (ofPositive.loss + userLoss);
  var byUserLogit = triples * (ofPositive.byFused * remainder + userWeight * (userShare - remainder));
  for (var k = 2u; k < negatives + 2u; k++) {
    let term = itemTerm(productsOf(user, rowsOfStep[rowBase + k] * vectors, localIndex), userShare, -1.0);
    loss += term.loss;
    byUserLogit += term.byFused * remainder;
    if (isActive && lane == 0u) {
      storeCoefficients(slot, k, step.inverseTriples * term.byProduct, step.inverseTriples * term.byLogit);
    }
  }
  byUserLogit *= step.inverseTriples;
  if (isActive && lane == 0u) {
    let share = triples * step.inverseTriples;
    storeCoefficients(slot, 0u, 1.0, byUserLogit);
    storeCoefficients(slot, 1u, share * ofPositive.byProduct, share * ofPositive.byLogit);
  }
  if (number < batch && lane == 0u) {
    losses[step.index * batch + number] = select(0.0, loss, isActive);
  }
  storageBarrier();
  if (!isActive) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    var gradient = byUserLogit * table[userTower * vectors + v];
    var toItemTower = vec4f();
    for (var k = 1u; k < negatives + 2u; k++) {
      let q = embeddings[rowsOfStep[rowBase + k] * vectors + v];
      gradient += snapshots[coefficientPlace(slot, k, 0u)][k % 4u] * q;
      toItemTower += snapshots[coefficientPlace(slot, k, 1u)][k % 4u] * q;
    }
    snapshots[snapshotPlace(USER, slot, v)] = embeddings[user + v];
    snapshots[snapshotPlace(USER_GRADIENT, slot, v)] = gradient;
    snapshots[snapshotPlace(TO_ITEM_TOWER, slot, v)] = toItemTower;
    if (slot == 0u) {
      snapshots[itemTowerPlace(v)] = table[(userTower + 1u) * vectors + v];
    }
  }
}
