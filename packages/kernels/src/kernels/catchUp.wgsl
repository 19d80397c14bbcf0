// Moves rows that lag behind, a lane group a row: before a horizon those that it touches, up to their first touch; or all of
// them, up to now.
//#include "grid.wgsl"
//#include "laneGroup.wgsl"
//#include "adamUpdate.wgsl"
//#include "drift.wgsl"
//#include "touches.wgsl"

struct CatchUp {
  rows: u32,
  // Steps done so far.
  upTo: u32,
  // 1: before a horizon. 0: all rows are wanted, up to now.
  isHorizon: u32,
  learningRate: f32,
}

@group(0) @binding(0) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> storedMoments: array<vec4f>;
// Of every row: the step its moments are up to date with, or 0 before its first touch.
@group(0) @binding(2) var<storage, read_write> lastSteps: array<u32>;
@group(0) @binding(3) var<storage, read_write> touches: array<u32>;
@group(0) @binding(4) var<storage, read> drift: array<vec4f>;
@group(0) @binding(5) var<uniform> catching: CatchUp;

fn firstTouch(row: u32) -> u32 {
  for (var word = 0u; word < touchWords; word++) {
    let marked = touches[row * touchWords + word];
    if (marked != 0u) {
      return 32u * word + countTrailingZeros(marked);
    }
  }
  return NEVER;
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let row = min(number, catching.rows - 1u);
  let lastStep = lastSteps[row];
  var first = 0u;
  if (catching.isHorizon == 1u) {
    first = firstTouch(row);
  }
  // All lanes have read the marks before they take them away.
  workgroupBarrier();
  if (number >= catching.rows || first == NEVER) {
    return;
  }
  if (catching.isHorizon == 1u) {
    for (var word = lane; word < touchWords; word += lanes) {
      touches[row * touchWords + word] = 0u;
    }
  }
  if (lastStep == 0u) {
    return;
  }
  let length = catching.upTo + first - lastStep;
  for (var v = lane; v < vectors; v += lanes) {
    let place = row * vectors + v;
    let old = Drifted(table[place], momentsAt(place));
    let drifted = driftedFrom(lastStep, length, old, catching.learningRate);
    table[place] = drifted.theta;
    storeMoments(place, drifted.moments);
  }
  // A touched row's last step is written by its last touch in the horizon.
  if (lane == 0u && catching.isHorizon == 0u) {
    lastSteps[row] = catching.upTo;
  }
}
