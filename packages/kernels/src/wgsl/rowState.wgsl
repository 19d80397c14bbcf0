// Of every row: the step its moments are up to date with, or 0 before its first touch, and 64 bits that say which steps of
// the current horizon touch it; no bits between horizons.
const NEVER = 0xffffffffu;

// The first marked step at or after `begin`, or NEVER.
fn nextTouch(state: vec4u, begin: u32) -> u32 {
  let low = select(0u, state.y & (0xffffffffu << (begin & 31u)), begin < 32u);
  if (low != 0u) {
    return countTrailingZeros(low);
  }
  let high = select(state.z, state.z & (0xffffffffu << (begin & 31u)), begin >= 32u);
  if (high != 0u && begin < 64u) {
    return 32u + countTrailingZeros(high);
  }
  return NEVER;
}
