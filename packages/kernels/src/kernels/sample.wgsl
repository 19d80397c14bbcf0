// Draws the triples of every step of a horizon, one invocation a positive: random numbers come from (seed, step, slot), so
// the triples do not depend on how steps are grouped, nor on the engine.
//#include "grid.wgsl"
//#include "plan.wgsl"
//#include "permutation.wgsl"

struct Sampling {
  seedLow: u32,
  seedHigh: u32,
  users: u32,
  items: u32,
  interactions: u32,
  batch: u32,
  negatives: u32,
  stepsPerEpoch: u32,
  // 1: users drawn uniformly from `drawFrom`, then one of their positives. 0: an epoch is a permutation of the interactions.
  byUser: u32,
  activeUsers: u32,
  // 1: the negatives of a positive differ from each other.
  distinct: u32,
}

@group(0) @binding(0) var<storage, read> rowPointer: array<u32>;
@group(0) @binding(1) var<storage, read> columns: array<u32>;
// byUser: the users with interactions, ascending. Otherwise: the user of every interaction.
@group(0) @binding(2) var<storage, read> drawFrom: array<u32>;
@group(0) @binding(3) var<storage, read_write> rowsOfStep: array<u32>;
@group(0) @binding(4) var<uniform> sampling: Sampling;
@group(0) @binding(5) var<uniform> plan: Plan;

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
  let index = id / sampling.batch;
  let slot = id % sampling.batch;
  let stepNumber = plan.firstStep + index;
  let key = vec2u(sampling.seedLow, sampling.seedHigh);
  let place = index * plan.occurrences + slot * (sampling.negatives + 2u);

  var user: u32;
  var edge: u32;
  if (sampling.byUser == 1u) {
    var drawn: u32;
    if (sampling.batch <= sampling.activeUsers) {
      let keys = philox4x32(vec4u(stepNumber, 0u, 0u, STREAM_PERMUTATION), key);
      drawn = permute(slot, sampling.activeUsers, keys);
    } else {
      drawn = boundedInteger(sampling.activeUsers, stepNumber, slot, 0u, STREAM_USER, key);
    }
    user = drawFrom[drawn];
    let degree = rowPointer[user + 1u] - rowPointer[user];
    edge = rowPointer[user] + boundedInteger(degree, stepNumber, slot, 0u, STREAM_POSITIVE, key);
  } else {
    let epoch = stepNumber / sampling.stepsPerEpoch;
    let position = (stepNumber - epoch * sampling.stepsPerEpoch) * sampling.batch + slot;
    if (position >= sampling.interactions) {
      for (var k = 0u; k < sampling.negatives + 2u; k++) {
        rowsOfStep[place + k] = PADDING;
      }
      return;
    }
    let keys = philox4x32(vec4u(epoch, 0u, 0u, STREAM_PERMUTATION), key);
    edge = permute(position, sampling.interactions, keys);
    user = drawFrom[edge];
  }

  rowsOfStep[place] = user;
  rowsOfStep[place + 1u] = sampling.users + columns[edge];
  let first = rowPointer[user];
  let degree = rowPointer[user + 1u] - first;
  let left = sampling.items - degree;
  let isDistinct = sampling.distinct == 1u && sampling.negatives <= left;
  for (var k = 0u; k < sampling.negatives; k++) {
    // Floyd's way to draw without repeats: a rank below a bound that grows with k; if it was drawn before, the bound's own last
    // rank, which nothing before it could reach.
    let bound = select(left, left - sampling.negatives + k + 1u, isDistinct);
    let rank = boundedInteger(bound, stepNumber, slot, k, STREAM_NEGATIVE, key);
    var row = sampling.users + itemOutside(first, degree, rank);
    if (isDistinct && isAmong(row, place + 2u, place + 2u + k)) {
      row = sampling.users + itemOutside(first, degree, bound - 1u);
    }
    rowsOfStep[place + 2u + k] = row;
  }
}

fn isAmong(row: u32, begin: u32, end: u32) -> bool {
  for (var place = begin; place < end; place++) {
    if (rowsOfStep[place] == row) {
      return true;
    }
  }
  return false;
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
