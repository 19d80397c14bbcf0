//#include "philox.wgsl"
// A keyed random permutation of 0 … n − 1: packages/engine/src/random/permutation.ts, bit for bit.

fn permutationMix(value: u32, key: u32) -> u32 {
  var x = value ^ key;
  x = (x ^ (x >> 16u)) * 0x85ebca6bu;
  x = (x ^ (x >> 13u)) * 0xc2b2ae35u;
  return x ^ (x >> 16u);
}

fn permute(p: u32, n: u32, keys: vec4u) -> u32 {
  let bits = max(2u, 32u - countLeadingZeros(n - 1u));
  let half = (bits + 1u) >> 1u;
  let mask = (1u << half) - 1u;
  var value = p;
  loop {
    var left = value >> half;
    var right = value & mask;
    for (var round = 0u; round < 8u; round++) {
      let mixed = (left ^ permutationMix(right, keys[round & 3u] + round * 0x9e3779b9u)) & mask;
      left = right;
      right = mixed;
    }
    value = (left << half) | right;
    if (value < n) {
      break;
    }
  }
  return value;
}
