//#include "philox.wgsl"
// Which numbers of a propagated layer training keeps: packages/engine/src/random/dropout.ts, bit for bit.
struct Dropout {
  seedLow: u32,
  seedHigh: u32,
  // 16-bit draws below it are dropped.
  threshold: u32,
  // What is kept grows by it.
  scale: f32,
}

// The factors of four numbers of a node's row after layer `layer`: 0 where dropped. One block of draws serves two vec4s.
fn dropoutMask(row: u32, v: u32, layer: u32) -> vec4f {
  let key = vec2u(dropout.seedLow, dropout.seedHigh);
  let words = philox4x32(vec4u(step.stamp - 1u, row, 64u * layer + v / 2u, STREAM_DROPOUT), key);
  let pair = select(words.xy, words.zw, v % 2u == 1u);
  let draws = vec4u(pair.x & 0xffffu, pair.x >> 16u, pair.y & 0xffffu, pair.y >> 16u);
  return select(vec4f(), vec4f(dropout.scale), draws >= vec4u(dropout.threshold));
}
