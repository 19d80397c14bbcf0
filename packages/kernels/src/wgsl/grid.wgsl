// Grids of more than 65,535 workgroups are folded into two dimensions by the host; this is the number a workgroup would
// have had in one. The folded grid may be a little larger than asked for: every kernel guards.
fn workgroupNumber(id: vec3u, count: vec3u) -> u32 {
  return id.y * count.x + id.x;
}
