// A plain copy, for measuring how fast the device moves memory: four vec4s an invocation, neighbours beside each other.
//#include "grid.wgsl"

struct Copy {
  vectors: u32,
}

@group(0) @binding(0) var<storage, read> original: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> duplicate: array<vec4f>;
@group(0) @binding(2) var<uniform> copy: Copy;

const THREADS = 256u;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let first = workgroupNumber(workgroupId, workgroupCount) * 4u * THREADS + localIndex;
  if (first + 3u * THREADS >= copy.vectors) {
    for (var place = first; place < copy.vectors; place += THREADS) {
      duplicate[place] = original[place];
    }
    return;
  }
  // All four are on their way before the first is written.
  let a = original[first];
  let b = original[first + THREADS];
  let c = original[first + 2u * THREADS];
  let d = original[first + 3u * THREADS];
  duplicate[first] = a;
  duplicate[first + THREADS] = b;
  duplicate[first + 2u * THREADS] = c;
  duplicate[first + 3u * THREADS] = d;
}
