// What the samplers share: the draw of a slot's user and positive.
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
// [step][occurrences]: see wgsl/plan.wgsl.
@group(0) @binding(3) var<storage, read_write> rowsOfStep: array<u32>;
@group(0) @binding(4) var<uniform> sampling: Sampling;
@group(0) @binding(5) var<uniform> plan: Plan;

// A slot of a step, and the user and positive drawn for it.
struct Slot {
  step: u32,
  number: u32,
  // Of its first occurrence in `rowsOfStep`.
  place: u32,
  user: u32,
  positive: u32,
  // Where the user's interactions begin, and how many there are.
  first: u32,
  degree: u32,
  // False for a slot that a short last batch does not have.
  isUsed: bool,
}

fn samplingKey() -> vec2u {
  return vec2u(sampling.seedLow, sampling.seedHigh);
}

// Draws user and positive of slot `id`, counted over the horizon, and writes their rows; or the padding of a slot without any.
fn drawSlot(id: u32) -> Slot {
  let index = id / sampling.batch;
  var slot = Slot();
  slot.step = plan.firstStep + index;
  slot.number = id % sampling.batch;
  slot.place = index * plan.occurrences + slot.number * (sampling.negatives + 2u);
  let key = samplingKey();

  var edge: u32;
  if (sampling.byUser == 1u) {
    var drawn: u32;
    if (sampling.batch <= sampling.activeUsers) {
      let keys = philox4x32(vec4u(slot.step, 0u, 0u, STREAM_PERMUTATION), key);
      drawn = permute(slot.number, sampling.activeUsers, keys);
    } else {
      drawn = boundedInteger(sampling.activeUsers, slot.step, slot.number, 0u, STREAM_USER, key);
    }
    slot.user = drawFrom[drawn];
    slot.first = rowPointer[slot.user];
    slot.degree = rowPointer[slot.user + 1u] - slot.first;
    edge = slot.first + boundedInteger(slot.degree, slot.step, slot.number, 0u, STREAM_POSITIVE, key);
  } else {
    let epoch = slot.step / sampling.stepsPerEpoch;
    let position = (slot.step - epoch * sampling.stepsPerEpoch) * sampling.batch + slot.number;
    if (position >= sampling.interactions) {
      for (var k = 0u; k < sampling.negatives + 2u; k++) {
        rowsOfStep[slot.place + k] = PADDING;
      }
      return slot;
    }
    let keys = philox4x32(vec4u(epoch, 0u, 0u, STREAM_PERMUTATION), key);
    edge = permute(position, sampling.interactions, keys);
    slot.user = drawFrom[edge];
    slot.first = rowPointer[slot.user];
    slot.degree = rowPointer[slot.user + 1u] - slot.first;
  }
  slot.positive = columns[edge];
  slot.isUsed = true;
  rowsOfStep[slot.place] = slot.user;
  rowsOfStep[slot.place + 1u] = sampling.users + slot.positive;
  return slot;
}

fn isAmong(row: u32, begin: u32, end: u32) -> bool {
  for (var place = begin; place < end; place++) {
    if (rowsOfStep[place] == row) {
      return true;
    }
  }
  return false;
}
