// Draws the triples of every step of a horizon, one invocation a positive: random numbers come from (seed, step, slot), so
// the triples do not depend on how steps are grouped, nor on the engine. Negatives are uniform.
//#include "sampling.wgsl"

// 1: items have two arms, and negatives come from that of the positive (packages/engine/src/arms.ts).
override hasArms: u32;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount) * 64u + localIndex;
  if (id >= plan.steps * sampling.batch) {
    return;
  }
  let slot = drawSlot(id);
  if (!slot.isUsed) {
    return;
  }
  let arm = armOf(slot);
  let left = arm.items - arm.degree;
  let isDistinct = sampling.distinct == 1u && sampling.negatives <= left;
  for (var k = 0u; k < sampling.negatives; k++) {
    // Floyd's way to draw without repeats: a rank below a bound that grows with k; if it was drawn before, the bound's own last
    // rank, which nothing before it could reach.
    let bound = select(left, left - sampling.negatives + k + 1u, isDistinct);
    let rank = boundedInteger(bound, slot.step, slot.number, k, STREAM_NEGATIVE, samplingKey());
    var row = sampling.users + itemOutside(arm, rank);
    if (isDistinct && isAmong(row, slot.place + 2u, slot.place + 2u + k)) {
      row = sampling.users + itemOutside(arm, bound - 1u);
    }
    rowsOfStep[slot.place + 2u + k] = row;
  }
}

// The items that negatives come from, and which of them the user has.
struct Arm {
  firstItem: u32,
  items: u32,
  // Where the user's interactions with them begin, and how many there are.
  first: u32,
  degree: u32,
}

fn armOf(slot: Slot) -> Arm {
  if (hasArms == 0u) {
    return Arm(0u, sampling.items, slot.first, slot.degree);
  }
  let items = sampling.items / 2u;
  let inControl = interactionsBelow(slot, items);
  if (slot.positive < items) {
    return Arm(0u, items, slot.first, inControl);
  }
  return Arm(items, items, slot.first + inControl, slot.degree - inControl);
}

// How many of the user's interactions are with items below `item`.
fn interactionsBelow(slot: Slot, item: u32) -> u32 {
  var low = 0u;
  var high = slot.degree;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (columns[slot.first + middle] < item) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

// The arm's item of the given rank among those that are not the user's: exactly what rejecting positives would draw, found by one
// binary search. positive[c] − c counts the non-positives below positive[c]; the answer is rank + the number of c for
// which that count is at most rank.
fn itemOutside(arm: Arm, rank: u32) -> u32 {
  var low = 0u;
  var high = arm.degree;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (columns[arm.first + middle] - arm.firstItem - middle > rank) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return arm.firstItem + rank + low;
}
