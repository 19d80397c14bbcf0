//#include "batch.wgsl"
// What the first half of a step leaves for the second, which overwrites rows: all in one buffer, since a kernel can bind no more
// than eight. In vec4s, `vectors` a row:
//   [snapshotParts][batch] rows: the parts below
//   [batch][one or two][negatives + 2, filled up to whole vec4s]: coefficients of every occurrence
//   rows: with MACR the item tower; with DICE and `dCor` one of every run, the gradient of the discrepancy

// 0: none. 1: vector. 2: gradient.
override recording: u32;
override snapshotParts: u32;
// What the second coefficient is for. 0: there is none. 1: the second half of the vector, the first one being for the first half
// (DICE). 2: the tower, the first one being for the vector (MACR).
override secondCoefficient: u32;

const OF_SECOND_HALF = 1u;
const OF_TOWER = 2u;

// The users' vectors, as they were scored.
const USER = 0u;
const USER_GRADIENT = 1u;
// With recording: what the users record of their positives, and of their negatives.
const USER_POSITIVE = 2u;
const USER_NEGATIVE = 3u;
// With MACR: what the triples of a slot add to the item tower's gradient.
const TO_ITEM_TOWER = 2u;

fn snapshotPlace(part: u32, slot: u32, v: u32) -> u32 {
  return (part * batch + slot) * vectors + v;
}

// Of occurrence k of a slot: the coefficient is component k % 4 of the vec4 in this place. All the coefficients of a slot are
// written by one invocation, since writing a component may touch the whole vec4.
fn coefficientPlace(slot: u32, k: u32, number: u32) -> u32 {
  let perNumber = (negatives + 5u) / 4u;
  let numbers = select(1u, 2u, secondCoefficient > 0u);
  return snapshotParts * batch * vectors + (slot * numbers + number) * perNumber + k / 4u;
}

// Number of the coefficient that vec4 v of an occurrence's vector is multiplied with.
fn coefficientOf(v: u32) -> u32 {
  return select(0u, 1u, secondCoefficient == OF_SECOND_HALF && v >= vectors / 2u);
}

fn itemTowerPlace(v: u32) -> u32 {
  return coefficientPlace(batch, 0u, 0u) + v;
}

fn discrepancyPlace(run: u32, v: u32) -> u32 {
  return coefficientPlace(batch, 0u, 0u) + run * vectors + v;
}

// What the other side's vector is multiplied with when it is recorded: η w⁺, of all the triples of a positive (k = 1), or −η w⁻
// of a negative (k > 1). The slopes point against descent.
fn recordedWeight(coefficient: f32, k: u32) -> f32 {
  if (recording == 2u) {
    return -step.recordedScale * coefficient;
  }
  return step.recordedScale * select(-1.0, f32(negatives), k == 1u);
}
