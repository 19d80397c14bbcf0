// sum ← outputScale · (sum + layer), four numbers an invocation. The first layer is added to the table.
//#include "grid.wgsl"

override workgroupSize: u32;
override vectorCount: u32;
override outputScale: f32;
override isFirst: u32;

@group(0) @binding(0) var<storage, read> table: array<vec4f>;
@group(0) @binding(1) var<storage, read> layer: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sum: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (place >= vectorCount) {
    return;
  }
  var before = table[place];
  if (isFirst == 0u) {
    before = sum[place];
  }
  sum[place] = outputScale * (before + layer[place]);
}
