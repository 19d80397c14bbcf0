// Draws the triples of every step of a horizon, one invocation a positive: random numbers come from (seed, step, slot), so
// the triples do not depend on how steps are grouped, nor on the engine. Negatives are uniform.
//#include "sampling.wgsl"

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
  let left = sampling.items - slot.degree;
  let isDistinct = sampling.distinct == 1u && sampling.negatives <= left;
  for (var k = 0u; k < sampling.negatives; k++) {
    // Floyd's way to draw without repeats: a rank below a bound that grows with k; if it was drawn before, the bound's own last
    // rank, which nothing before it could reach.
    let bound = select(left, left - sampling.negatives + k + 1u, isDistinct);
    let rank = boundedInteger(bound, slot.step, slot.number, k, STREAM_NEGATIVE, samplingKey());
    var row = sampling.users + itemOutside(slot.first, slot.degree, rank);
    if (isDistinct && isAmong(row, slot.place + 2u, slot.place + 2u + k)) {
      row = sampling.users + itemOutside(slot.first, slot.degree, bound - 1u);
    }
    rowsOfStep[slot.place + 2u + k] = row;
  }
}

// The item of the given rank among those that are not the user's: exactly what rejecting positives would draw, found by one
// binary search. positive[c] − c counts the non-positives below positive[c]; the answer is rank + the number of c for
// which that count is at most rank.
fn itemOutside(first: u32, degree: u32, rank: u32) -> u32 {
  var low = 0u;
  var high = degree;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (columns[first + middle] - middle > rank) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return rank + low;
}
