// The gradient of MACR's towers, where the dense optimizer looks for it: every step touches them, and no L2 term acts on them.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "snapshots.wgsl"
//#include "towerGradient.wgsl"

override vectors: u32;
override workgroupSize: u32;
// Row of w_user in the table; w_item is the next.
override userTower: u32;

@group(0) @binding(0) var<storage, read> snapshots: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
// See kernels/segmentSum.wgsl.
@group(0) @binding(2) var<storage, read_write> touched: array<vec2u>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = towerPlace(workgroupNumber(workgroupId, workgroupCount), localIndex);
  let sum = towerGradient(place, localIndex);
  if (!writesTower(place, localIndex)) {
    return;
  }
  gradient[userTower * vectors + place] = sum;
  if (place % vectors == 0u) {
    touched[userTower + place / vectors] = vec2u(step.stamp, 0u);
  }
}
