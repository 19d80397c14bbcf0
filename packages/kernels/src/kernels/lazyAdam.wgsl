// The second half of a step with lazy updates, a lane group per touched row: sums the row's run, updates it, and lets it drift
// to the step before its next touch in the horizon, all while it is in registers. After its last touch it stays where it is: catchUp
// takes it from there, so that a row drifts from touch to touch in one go wherever horizons end.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "occurrences.wgsl"
//#include "discrepancy.wgsl"
//#include "adamUpdate.wgsl"
//#include "drift.wgsl"
//#include "towerGradient.wgsl"

override l2: f32;
// MACR: the first workgroups, so many, update its towers, which every step touches, so that they never drift.
override towerWorkgroups: u32;
// Row of w_user in the table; w_item is the next.
override userTower: u32;

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> snapshots: array<vec4f>;
@group(0) @binding(3) var<storage, read> drift: array<vec4f>;
// See kernels/catchUp.wgsl.
@group(0) @binding(4) var<storage, read_write> lastSteps: array<u32>;
@group(0) @binding(5) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> storedMoments: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> recorded: array<vec4f>;

fn updateTower(place: u32, sum: vec4f) {
  let moments = updatedMoments(momentsAt(place), sum);
  storeMoments(place, moments);
  table[place] = table[place] - adamStep(moments, step.stepSize, step.sqrtCorrection);
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let workgroup = workgroupNumber(workgroupId, workgroupCount);
  if (workgroup < towerWorkgroups) {
    let place = towerPlace(workgroup, localIndex);
    let sum = towerGradient(place, localIndex);
    if (writesTower(place, localIndex)) {
      updateTower(userTower * vectors + place, sum);
    }
    return;
  }
  let number = (workgroup - towerWorkgroups) * (workgroupSize / lanes) + localIndex / lanes;
  // Read beside the number of runs, not after it.
  let run = runAt(min(number, batch * (negatives + 2u) - 1u));
  if (number >= runCount()) {
    return;
  }
  let length = select(run.nextTouch - (step.index + 1u), 0u, run.nextTouch == NEVER);
  var weight = 0.0;
  if (l2 > 0.0) {
    weight = l2 * runShare(run);
  }
  // With a discrepancy by element an invocation updates the same places of both halves, and reads both before it writes one.
  let halves = select(1u, 2u, isByElement());
  for (var first = lane; first < vectors / halves; first += lanes) {
    var apart = vec4f();
    if (isByElement()) {
      let place = run.row * vectors + first;
      apart = discrepancyGradient(table[place], table[place + vectors / 2u], runsAlike(number));
    }
    for (var half = 0u; half < halves; half++) {
      let v = first + half * (vectors / 2u);
      let place = run.row * vectors + v;
      let theta = table[place];
      let sum = runSum(run, v);
      record(place, sum);
      var gradient = sum.gradient + select(apart, -apart, half == 1u) + weight * theta;
      if (isByDistances()) {
        gradient += snapshots[discrepancyPlace(number, v)];
      }
      let moments = updatedMoments(momentsAt(place), gradient);
      let updated = Drifted(theta - adamStep(moments, step.stepSize, step.sqrtCorrection), moments);
      let drifted = driftedFrom(step.stamp, length, updated, step.learningRate);
      table[place] = drifted.theta;
      storeMoments(place, drifted.moments);
    }
  }
  if (lane == 0u && run.nextTouch == NEVER) {
    lastSteps[run.row] = step.stamp;
  }
}
