// Sorting, last of three: every key, with the place it came from, goes to where the prefix sums say.
//#include "digits.wgsl"

// 1 in the first pass over a step, where a key's origin is its own place.
override isFirstPass: u32;

@group(0) @binding(0) var<storage, read> keysIn: array<u32>;
@group(0) @binding(1) var<storage, read> orderIn: array<u32>;
@group(0) @binding(2) var<storage, read> counts: array<u32>;
@group(0) @binding(3) var<storage, read_write> keysOut: array<u32>;
@group(0) @binding(4) var<storage, read_write> orderOut: array<u32>;
@group(0) @binding(5) var<uniform> plan: Plan;

// Each digit's row of the histogram is scanned by this many invocations, a part each.
const PARTS = TILE_THREADS / DIGITS;
const PART = TILE_THREADS / PARTS;

@compute @workgroup_size(TILE_THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount);
  if (id >= plan.steps * plan.tiles) {
    return;
  }
  let index = id / plan.tiles;
  let tile = id % plan.tiles;
  let base = index * plan.occurrences;
  let begin = min(tile * TILE + localIndex * KEYS, plan.occurrences);
  let end = min(begin + KEYS, plan.occurrences);
  countDigits(base, begin, end, localIndex);

  // From counts to first places: part sums, then a running sum inside each part.
  let digit = localIndex / PARTS;
  let part = localIndex % PARTS;
  let row = digit * TILE_THREADS + part * PART;
  var sum = 0u;
  for (var entry = 0u; entry < PART; entry++) {
    sum += digitCounts[row + entry];
  }
  chunkSums[localIndex] = sum;
  workgroupBarrier();
  var before = counts[index * (DIGITS * plan.tiles + 1u) + digit * plan.tiles + tile];
  for (var earlier = 0u; earlier < part; earlier++) {
    before += chunkSums[digit * PARTS + earlier];
  }
  for (var entry = 0u; entry < PART; entry++) {
    let count = digitCounts[row + entry];
    digitCounts[row + entry] = before;
    before += count;
  }
  workgroupBarrier();

  for (var place = begin; place < end; place++) {
    let key = keysIn[base + place];
    let slot = digitOf(key) * TILE_THREADS + localIndex;
    let goal = base + digitCounts[slot];
    digitCounts[slot] += 1u;
    keysOut[goal] = key;
    if (isFirstPass == 1u) {
      orderOut[goal] = place;
    } else {
      orderOut[goal] = orderIn[base + place];
    }
  }
}
