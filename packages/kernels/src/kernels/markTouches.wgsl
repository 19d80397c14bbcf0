// Before a horizon with lazy updates: marks in every row the steps that touch it, one invocation a run.
//#include "grid.wgsl"
//#include "touches.wgsl"
//#include "horizonRuns.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> touches: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> horizonRuns: HorizonRuns;

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
  atomicOr(&touches[runs[run.place].x * touchWords + run.index / 32u], 1u << (run.index % 32u));
}
