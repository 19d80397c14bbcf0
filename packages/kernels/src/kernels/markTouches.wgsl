// Before a horizon with lazy updates: marks in every row the steps that touch it, one invocation a run.
//#include "grid.wgsl"

struct Marking {
  steps: u32,
  // Places of a step: batch · (negatives + 2).
  occurrences: u32,
}

@group(0) @binding(0) var<storage, read> runs: array<vec2u>;
// vec4u a row: see wgsl/rowState.wgsl.
@group(0) @binding(1) var<storage, read_write> rowStates: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> marking: Marking;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount) * 64u + localIndex;
  let index = id / marking.occurrences;
  let run = id % marking.occurrences;
  let base = index * (marking.occurrences + 2u);
  if (index >= marking.steps || run >= runs[base].x) {
    return;
  }
  atomicOr(&rowStates[runs[base + 1u + run].x * 4u + 1u + index / 32u], 1u << (index % 32u));
}
