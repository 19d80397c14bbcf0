// Draws the triples of every step of a horizon, one invocation a positive: random numbers come from (seed, step, slot), so
// the triples do not depend on how steps are grouped, nor on the engine. Negatives are drawn
// by their popularity beside the positive's: packages/oracle/src/marginNegatives.ts says how.
//#include "sampling.wgsl"

struct MarginRule {
  // Items of a kind below which it is not drawn from.
  pool: u32,
  // 1: less popular items have less than half the positive's count. 0: less than the count minus the margin.
  downByHalf: u32,
}

// Of every item, the least popular first: (item, count).
@group(0) @binding(6) var<storage, read> order: array<vec2u>;
// Of every interaction, user by user: the place in `order` of the item, ascending within a user.
@group(0) @binding(7) var<storage, read> owned: array<u32>;
// By item number.
@group(0) @binding(8) var<storage, read> popularity: array<u32>;
// Of every step of the horizon.
@group(0) @binding(9) var<storage, read> margins: array<u32>;
@group(0) @binding(10) var<uniform> rule: MarginRule;

// Items that a user lacks: `size` of them in order of popularity, from number `base` on.
struct Pool {
  base: u32,
  size: u32,
}

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
  let margin = margins[id / sampling.batch];
  let count = popularity[slot.positive];
  let left = sampling.items - slot.degree;
  let upBase = lacking(slot, firstMorePopular(count, margin));
  let up = Pool(upBase, left - upBase);
  let down = Pool(0u, lacking(slot, endOfLessPopular(count, margin)));

  let areUp = kindsOf(slot, up.size, down.size);
  let upNegatives = countOneBits(areUp.x) + countOneBits(areUp.y);
  var upDrawn = 0u;
  for (var k = 0u; k < sampling.negatives; k++) {
    let isUp = isBitSet(areUp, k);
    var pool = down;
    var ofKind = sampling.negatives - upNegatives;
    var number = k - upDrawn;
    if (isUp) {
      pool = up;
      ofKind = upNegatives;
      number = upDrawn;
      upDrawn += 1u;
    }
    if (pool.size == 0u) {
      pool = Pool(0u, left);
    }
    // Floyd's way to draw without repeats, as in kernels/sample.wgsl, within a kind. No item is of both kinds.
    let isDistinct = sampling.distinct == 1u && ofKind <= pool.size;
    let bound = select(pool.size, pool.size - ofKind + number + 1u, isDistinct);
    let rank = boundedInteger(bound, slot.step, slot.number, k, STREAM_NEGATIVE, samplingKey());
    var row = sampling.users + itemLacking(slot, pool.base + rank);
    if (isDistinct && isAmong(row, slot.place + 2u, slot.place + 2u + k)) {
      row = sampling.users + itemLacking(slot, pool.base + bound - 1u);
    }
    rowsOfStep[slot.place + 2u + k] = row;
  }
}

// A bit for every negative that is to be more popular, 64 at most. Only where neither kind has any item does it name an empty one.
fn kindsOf(slot: Slot, upSize: u32, downSize: u32) -> vec2u {
  let all = vec2u(firstBits(sampling.negatives), firstBits(sampling.negatives - min(sampling.negatives, 32u)));
  if (upSize < rule.pool) {
    return select(vec2u(), all, downSize == 0u);
  }
  if (downSize < rule.pool) {
    return all;
  }
  var kinds = vec2u();
  for (var k = 0u; k < sampling.negatives; k++) {
    let isUp = boundedInteger(2u, slot.step, slot.number, k, STREAM_NEGATIVE_KIND, samplingKey());
    let bit = isUp << (k % 32u);
    kinds |= select(vec2u(bit, 0u), vec2u(0u, bit), k >= 32u);
  }
  return kinds;
}

fn firstBits(count: u32) -> u32 {
  if (count >= 32u) {
    return 0xffffffffu;
  }
  return (1u << count) - 1u;
}

fn isBitSet(bits: vec2u, k: u32) -> bool {
  return ((select(bits.x, bits.y, k >= 32u) >> (k % 32u)) & 1u) == 1u;
}

// First place in `order` with a count above `count` + margin, which may not fit 32 bits.
fn firstMorePopular(count: u32, margin: u32) -> u32 {
  var low = 0u;
  var high = sampling.items;
  while (low < high) {
    let middle = (low + high) >> 1u;
    let other = order[middle].y;
    if (other > count && other - count > margin) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return low;
}

// End of the places in `order` with a count below half of `count`, or below `count` − margin.
fn endOfLessPopular(count: u32, margin: u32) -> u32 {
  var low = 0u;
  var high = sampling.items;
  while (low < high) {
    let middle = (low + high) >> 1u;
    let other = order[middle].y;
    if (other < count && count - other > select(margin, other, rule.downByHalf == 1u)) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

// How many of the items before a place in `order` the slot's user lacks.
fn lacking(slot: Slot, place: u32) -> u32 {
  var low = 0u;
  var high = slot.degree;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (owned[slot.first + middle] < place) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return place - low;
}

// The item of the given rank, in order of popularity, among those that the slot's user lacks: the binary search of
// kernels/sample.wgsl, over places.
fn itemLacking(slot: Slot, rank: u32) -> u32 {
  var low = 0u;
  var high = slot.degree;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (owned[slot.first + middle] - middle > rank) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return order[rank + low].x;
}
