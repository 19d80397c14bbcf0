// Something a device can get right only by computing it: Philox words of the invocation's number.
//#include "philox.wgsl"

@group(0) @binding(0) var<storage, read_write> words: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  words[id.x] = philox4x32(vec4u(id.x, 1u, 2u, 3u), vec2u(4u, 5u));
}
