//#include "laneGroup.wgsl"
var<workgroup> lanePairs: array<vec2f, workgroupSize>;

// `sumOverLanes` of two numbers at once.
fn pairOverLanes(pair: vec2f, localIndex: u32) -> vec2f {
  if (lanes == 1u) {
    return pair;
  }
  lanePairs[localIndex] = pair;
  workgroupBarrier();
  let first = localIndex - localIndex % lanes;
  var sum = vec2f();
  for (var lane = 0u; lane < lanes; lane++) {
    sum += lanePairs[first + lane];
  }
  workgroupBarrier();
  return sum;
}
