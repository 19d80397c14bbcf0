// out[t] = table[rows[t]], a vec4 an invocation.
//#include "grid.wgsl"

struct Gather {
  count: u32,
  vectors: u32,
}

@group(0) @binding(0) var<storage, read> table: array<vec4f>;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read_write> gathered: array<vec4f>;
@group(0) @binding(3) var<uniform> shape: Gather;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * 256u + localIndex;
  if (place >= shape.count * shape.vectors) {
    return;
  }
  gathered[place] = table[rows[place / shape.vectors] * shape.vectors + place % shape.vectors];
}
