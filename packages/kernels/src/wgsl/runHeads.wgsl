//#include "tile.wgsl"
// A run is a stretch of equal keys in a sorted step: all the occurrences of one row.

fn isRunHead(base: u32, place: u32) -> bool {
  return place == 0u || keys[base + place] != keys[base + place - 1u];
}

fn runHeadsBetween(base: u32, begin: u32, end: u32) -> u32 {
  var heads = 0u;
  for (var place = begin; place < end; place++) {
    if (isRunHead(base, place) && keys[base + place] != PADDING) {
      heads += 1u;
    }
  }
  return heads;
}
