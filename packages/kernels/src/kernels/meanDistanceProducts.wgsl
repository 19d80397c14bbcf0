// The second pass of the distance correlation: of every distinct row of a step the means of A∘B, A∘A and B∘B over the rows like it,
// A and B being the centred distances of first and of second halves.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "lanePairs.wgsl"
//#include "centredDistances.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> embeddings: array<vec4f>;
// Mean distances by run, and of users and of items.
@group(0) @binding(2) var<storage, read> meansOfRuns: array<vec4f>;
@group(0) @binding(3) var<storage, read> means: array<vec4f>;
// By run.
@group(0) @binding(4) var<storage, read_write> productsOfRuns: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let alike = alikeOf(workgroupNumber(workgroupId, workgroupCount));
  if (alike.begin >= alike.count) {
    return;
  }
  let number = alike.begin + localIndex / lanes;
  let isActive = number < alike.count;
  // Groups without a row work on the last one, so that all meet at the barriers, and write nothing.
  let run = alike.first + min(number, alike.count - 1u);
  let row = rowOfRun(run);
  var mixed = 0.0;
  var squares = vec2f();
  for (var block = 0u; block < alike.count; block += lanes) {
    let distances = distancesToBlock(row, alike, block, localIndex);
    if (block + lane < alike.count) {
      let ab = centred(distances, run, alike.first + block + lane, alike.kind);
      mixed += ab.x * ab.y;
      squares += ab * ab;
    }
  }
  let products = vec4f(sumOverLanes(mixed, localIndex), pairOverLanes(squares, localIndex), 0.0);
  if (isActive && lane == 0u) {
    productsOfRuns[run] = products / f32(alike.count);
  }
}
