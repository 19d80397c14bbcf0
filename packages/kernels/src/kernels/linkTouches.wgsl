// After markTouches: writes beside every run the step of the horizon that touches its row next, or NEVER. One invocation a run.
//#include "grid.wgsl"
//#include "touches.wgsl"
//#include "horizonRuns.wgsl"

@group(0) @binding(0) var<storage, read_write> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> touches: array<u32>;
@group(0) @binding(2) var<uniform> horizonRuns: HorizonRuns;

// The first marked step at or after `begin`, or NEVER.
fn nextTouch(row: u32, begin: u32) -> u32 {
  var word = begin / 32u;
  var mask = 0xffffffffu << (begin % 32u);
  while (word < touchWords) {
    let marked = touches[row * touchWords + word] & mask;
    if (marked != 0u) {
      return 32u * word + countTrailingZeros(marked);
    }
    mask = 0xffffffffu;
    word += 1u;
  }
  return NEVER;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let run = horizonRunAt(workgroupNumber(workgroupId, workgroupCount) * 64u + localIndex);
  if (!run.exists) {
    return;
  }
  runs[run.place].z = nextTouch(runs[run.place].x, run.index + 1u);
}
