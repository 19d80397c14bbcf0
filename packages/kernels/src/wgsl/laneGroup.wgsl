// A row of d = 4 · vectors numbers is worked on by a group of `lanes` neighbouring invocations, each taking every lanes-th
// vec4. A group of one needs no barrier: the choice for drivers that run on the CPU.
override vectors: u32;
override lanes: u32;
override workgroupSize: u32;

var<workgroup> laneSums: array<f32, workgroupSize>;

// Sum of `value` over the lane group, the same on every lane, added in lane order so that every run gives the same bits.
// Must be reached by the whole workgroup.
fn sumOverLanes(value: f32, localIndex: u32) -> f32 {
  if (lanes == 1u) {
    return value;
  }
  laneSums[localIndex] = value;
  workgroupBarrier();
  let first = localIndex - localIndex % lanes;
  var sum = 0.0;
  for (var lane = 0u; lane < lanes; lane++) {
    sum += laneSums[first + lane];
  }
  workgroupBarrier();
  return sum;
}
