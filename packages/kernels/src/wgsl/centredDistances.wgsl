//#include "distances.wgsl"
// Distances minus the means of their row and their column, plus the mean of all: the distances of both halves of runs k and l, which
// are in the place `kind` of `means`.
fn centred(distances: vec2f, k: u32, l: u32, kind: u32) -> vec2f {
  return distances - meansOfRuns[k].xy - meansOfRuns[l].xy + means[kind].xy;
}
