// Exact top-k of every row of scores, a workgroup a row: masks what is excluded, finds the k-th largest score by radix
// selection, eight bits at a time, collects what lies above it and the lowest-numbered ties at it, and orders the k.
//#include "grid.wgsl"

struct TopK {
  rows: u32,
  items: u32,
  // Row of `excludePointer` that the first row of scores belongs to.
  firstRow: u32,
  hasExclude: u32,
}

override k: u32;
override workgroupSize: u32;

// Scores as raw bits; overwritten with sortable keys.
@group(0) @binding(0) var<storage, read_write> scores: array<u32>;
@group(0) @binding(1) var<storage, read> excludePointer: array<u32>;
@group(0) @binding(2) var<storage, read> excludeColumns: array<u32>;
@group(0) @binding(3) var<storage, read_write> topItems: array<u32>;
@group(0) @binding(4) var<storage, read_write> topScores: array<f32>;
@group(0) @binding(5) var<uniform> topk: TopK;

const NO_ITEM = 0xffffffffu;
// Key of a masked item: below the key of every number.
const MASKED = 0u;

var<workgroup> histogram: array<atomic<u32>, 256>;
var<workgroup> threadSums: array<u32, workgroupSize>;
var<workgroup> wanted: u32;
var<workgroup> prefix: u32;
var<workgroup> candidateKeys: array<u32, k>;
var<workgroup> candidateItems: array<u32, k>;

// Unsigned keys in the order of the floats they stand for; −0 is brought to +0 first, so that the two tie.
fn keyOf(bits: u32) -> u32 {
  let canonical = select(bits, 0u, bits == 0x80000000u);
  return select(canonical ^ 0x80000000u, ~canonical, canonical >= 0x80000000u);
}

fn scoreOf(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key ^ 0x80000000u, key >= 0x80000000u));
}

// Exclusive prefix sum over the workgroup, which must reach it whole. Every invocation adds up those before it: more additions
// than a tree, but two barriers in the place of sixteen.
fn exclusiveSum(value: u32, localIndex: u32) -> u32 {
  threadSums[localIndex] = value;
  workgroupBarrier();
  var before = 0u;
  for (var thread = 0u; thread < localIndex; thread++) {
    before += threadSums[thread];
  }
  workgroupBarrier();
  return before;
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let row = workgroupNumber(workgroupId, workgroupCount);
  if (row >= topk.rows) {
    return;
  }
  let base = row * topk.items;
  for (var item = localIndex; item < topk.items; item += workgroupSize) {
    scores[base + item] = keyOf(scores[base + item]);
  }
  storageBarrier();
  var firstExcluded = 0u;
  var endExcluded = 0u;
  if (topk.hasExclude == 1u) {
    firstExcluded = excludePointer[topk.firstRow + row];
    endExcluded = excludePointer[topk.firstRow + row + 1u];
  }
  for (var e = firstExcluded + localIndex; e < endExcluded; e += workgroupSize) {
    scores[base + excludeColumns[e]] = MASKED;
  }
  storageBarrier();

  // The key of the last item listed: four rounds, each fixing eight more bits of it.
  let listed = min(k, topk.items - (endExcluded - firstExcluded));
  if (localIndex == 0u) {
    wanted = listed;
    prefix = 0u;
  }
  for (var shift = 24i; shift >= 0i; shift -= 8i) {
    for (var bin = localIndex; bin < 256u; bin += workgroupSize) {
      atomicStore(&histogram[bin], 0u);
    }
    workgroupBarrier();
    let known = prefix;
    for (var item = localIndex; item < topk.items; item += workgroupSize) {
      let key = scores[base + item];
      // Bits above the current eight; a shift by 32 is not allowed.
      let matches = shift == 24i || (key >> u32(shift + 8i)) == known;
      if (matches) {
        atomicAdd(&histogram[(key >> u32(shift)) & 255u], 1u);
      }
    }
    workgroupBarrier();
    if (localIndex == 0u) {
      var left = wanted;
      var bin = 255u;
      while (bin > 0u && atomicLoad(&histogram[bin]) < left) {
        left -= atomicLoad(&histogram[bin]);
        bin -= 1u;
      }
      wanted = left;
      prefix = (known << 8u) | bin;
    }
    workgroupBarrier();
  }
  let last = workgroupUniformLoad(&prefix);
  let ties = workgroupUniformLoad(&wanted);

  // Each invocation looks at consecutive items, so that prefix sums number ties in item order.
  let each = (topk.items + workgroupSize - 1u) / workgroupSize;
  let begin = min(localIndex * each, topk.items);
  let end = min(begin + each, topk.items);
  var above = 0u;
  var equal = 0u;
  for (var item = begin; item < end; item++) {
    let key = scores[base + item];
    above += u32(key > last);
    equal += u32(key == last);
  }
  var placeAbove = exclusiveSum(above, localIndex);
  var placeEqual = exclusiveSum(equal, localIndex);
  if (listed > 0u) {
    for (var item = begin; item < end; item++) {
      let key = scores[base + item];
      if (key > last) {
        candidateKeys[placeAbove] = key;
        candidateItems[placeAbove] = item;
        placeAbove += 1u;
      } else if (key == last) {
        if (placeEqual < ties) {
          candidateKeys[listed - ties + placeEqual] = key;
          candidateItems[listed - ties + placeEqual] = item;
        }
        placeEqual += 1u;
      }
    }
  }
  workgroupBarrier();

  // A candidate's place is the number of candidates ahead of it: k² comparisons, and not one barrier.
  for (var candidate = localIndex; candidate < listed; candidate += workgroupSize) {
    let key = candidateKeys[candidate];
    let item = candidateItems[candidate];
    var place = 0u;
    for (var other = 0u; other < listed; other++) {
      place += u32(candidateKeys[other] > key || (candidateKeys[other] == key && candidateItems[other] < item));
    }
    topItems[row * k + place] = item;
    topScores[row * k + place] = scoreOf(key);
  }
  for (var place = listed + localIndex; place < k; place += workgroupSize) {
    topItems[row * k + place] = NO_ITEM;
    // The host writes −∞ here: WGSL may not produce infinities.
    topScores[row * k + place] = 0.0;
  }
}
