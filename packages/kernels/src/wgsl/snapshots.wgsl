// What the first half of a step leaves for the second, which overwrites rows: all in one buffer, since a kernel can bind no more
// than eight. In vec4s, `vectors` a row:
//   [batch] rows: the users' vectors, as they were scored
//   [batch] rows: the users' gradients
//   [batch] rows, and as many again: with recording, what the users record of their positives, and of their negatives
//   [batch][negatives + 2, filled up to whole vec4s]: a coefficient for every occurrence
override batch: u32;
override negatives: u32;
// 0: none. 1: vector. 2: gradient.
override recording: u32;

const USER = 0u;
const USER_GRADIENT = 1u;
const USER_POSITIVE = 2u;
const USER_NEGATIVE = 3u;

fn snapshotPlace(part: u32, slot: u32, v: u32) -> u32 {
  return (part * batch + slot) * vectors + v;
}

// Of occurrence k of a slot: the coefficient is component k % 4 of the vec4 in this place. All the coefficients of a slot are
// written by one invocation, since writing a component may touch the whole vec4.
fn coefficientPlace(slot: u32, k: u32) -> u32 {
  return select(2u, 4u, recording > 0u) * batch * vectors + slot * ((negatives + 5u) / 4u) + k / 4u;
}

// What the other side's vector is multiplied with when it is recorded: η w⁺, of all the triples of a positive (k = 1), or −η w⁻
// of a negative (k > 1). The slopes point against descent.
fn recordedWeight(coefficient: f32, k: u32) -> f32 {
  if (recording == 2u) {
    return -step.recordedScale * coefficient;
  }
  return step.recordedScale * select(-1.0, f32(negatives), k == 1u);
}
