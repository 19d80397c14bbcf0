//#include "tile.wgsl"
// A stable radix sort by four bits at a time, a workgroup a tile. Column t of the histogram belongs to invocation t alone:
// no atomics, and equal keys keep their order.

var<workgroup> digitCounts: array<u32, DIGITS * TILE_THREADS>;

fn digitOf(key: u32) -> u32 {
  return (key >> plan.shift) & (DIGITS - 1u);
}

fn countDigits(keyBase: u32, begin: u32, end: u32, localIndex: u32) {
  for (var digit = 0u; digit < DIGITS; digit++) {
    digitCounts[digit * TILE_THREADS + localIndex] = 0u;
  }
  for (var place = begin; place < end; place++) {
    digitCounts[digitOf(keysIn[keyBase + place]) * TILE_THREADS + localIndex] += 1u;
  }
  workgroupBarrier();
}
