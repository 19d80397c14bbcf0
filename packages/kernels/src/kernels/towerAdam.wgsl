// With lazy updates: sums the gradient of MACR's towers and updates them, four numbers an invocation. Every step touches them, so
// that they never drift.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "towerPartials.wgsl"
//#include "adamUpdate.wgsl"

override vectors: u32;
override workgroupSize: u32;
// Row of w_user in the table; w_item is the next.
override userTower: u32;

@group(0) @binding(0) var<storage, read> partials: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> storedMoments: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let inTowers = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (inTowers >= 2u * vectors) {
    return;
  }
  let place = userTower * vectors + inTowers;
  let moments = updatedMoments(momentsAt(place), towerGradient(inTowers));
  storeMoments(place, moments);
  table[place] = table[place] - adamStep(moments, step.stepSize, step.sqrtCorrection);
}
