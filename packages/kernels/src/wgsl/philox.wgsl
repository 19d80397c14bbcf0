// Philox4x32-10: the same words as packages/engine/src/random/philox.ts, bit for bit.

fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let carry = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (carry >> 16u);
}

fn philox4x32(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high0 = multiplyHigh(0xd2511f53u, c.x);
    let high1 = multiplyHigh(0xcd9e8d57u, c.z);
    c = vec4u(high1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, high0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// Streams: see packages/engine/src/random/philox.ts.
const STREAM_USER = 1u;
const STREAM_POSITIVE = 2u;
const STREAM_NEGATIVE = 3u;
const STREAM_PERMUTATION = 4u;
const STREAM_DROPOUT = 7u;
const STREAM_NEGATIVE_KIND = 9u;

// A whole number drawn uniformly from 0 … bound − 1: packages/engine/src/random/bounded.ts.
fn boundedInteger(bound: u32, c0: u32, c1: u32, draw: u32, stream: u32, key: vec2u) -> u32 {
  let threshold = (0u - bound) % bound;
  var result = 0u;
  for (var block = 0u; block < 4u; block++) {
    let words = philox4x32(vec4u(c0, c1, draw * 256u + block, stream), key);
    for (var w = 0u; w < 4u; w++) {
      result = multiplyHigh(words[w], bound);
      if (words[w] * bound >= threshold) {
        return result;
      }
    }
  }
  return result;
}
