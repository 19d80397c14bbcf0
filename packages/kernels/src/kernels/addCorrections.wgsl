// A variant's scores of a block of users, row-major: scores plus up to four terms, corrected[u][i] = scores[u][i] + w_u · f_i. One
// invocation a score.
//#include "grid.wgsl"

struct Block {
  users: u32,
  items: u32,
}

@group(0) @binding(0) var<storage, read> scores: array<f32>;
@group(0) @binding(1) var<storage, read> userWeights: array<vec4f>;
@group(0) @binding(2) var<storage, read> itemFactors: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> corrected: array<f32>;
@group(0) @binding(4) var<uniform> block: Block;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * 256u + localIndex;
  if (place >= block.users * block.items) {
    return;
  }
  corrected[place] = scores[place] + dot(userWeights[place / block.items], itemFactors[place % block.items]);
}
