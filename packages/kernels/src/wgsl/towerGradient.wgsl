// The gradient of MACR's towers, a sum over all slots of a batch. A workgroup takes four vec4s of the 2 · vectors of both towers, the user
// tower's first: as many stretches of slots as it has room for side by side, then a tree over these. The order is fixed.
const TOWER_COLUMNS = 4u;

var<workgroup> stretchSums: array<vec4f, workgroupSize>;

// Of the 2 · vectors in both towers the one that an invocation works on.
fn towerPlace(workgroup: u32, localIndex: u32) -> u32 {
  return workgroup * TOWER_COLUMNS + localIndex % TOWER_COLUMNS;
}

fn towerTerm(slot: u32, place: u32) -> vec4f {
  if (place < vectors) {
    return snapshots[coefficientPlace(slot, 0u, 1u)][0] * snapshots[snapshotPlace(USER, slot, place)];
  }
  return snapshots[snapshotPlace(TO_ITEM_TOWER, slot, place - vectors)];
}

// Must be reached by the whole workgroup.
fn towerGradient(place: u32, localIndex: u32) -> vec4f {
  let stretches = workgroupSize / TOWER_COLUMNS;
  let stretch = localIndex / TOWER_COLUMNS;
  var sum = vec4f();
  if (place < 2u * vectors) {
    for (var slot = stretch; slot < step.positives; slot += stretches) {
      sum += towerTerm(slot, place);
    }
  }
  stretchSums[localIndex] = sum;
  workgroupBarrier();
  for (var reach = stretches / 2u; reach > 0u; reach >>= 1u) {
    if (stretch < reach) {
      stretchSums[localIndex] += stretchSums[localIndex + reach * TOWER_COLUMNS];
    }
    workgroupBarrier();
  }
  return stretchSums[localIndex % TOWER_COLUMNS];
}

// One invocation of a workgroup writes each place.
fn writesTower(place: u32, localIndex: u32) -> bool {
  return localIndex < TOWER_COLUMNS && place < 2u * vectors;
}
