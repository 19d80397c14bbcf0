//#include "runs.wgsl"
//#include "snapshots.wgsl"
// Sums over a run: all the occurrences of one row in a step, in sorted order. No atomics, no lost updates, the same bits
// every time.
override rows: u32;

// Four numbers of what the run's row gets: the data term's gradient and, with recording, what is recorded.
struct RunSum {
  gradient: vec4f,
  positive: vec4f,
  negative: vec4f,
}

fn runSum(run: Run, v: u32) -> RunSum {
  var sum = RunSum();
  var towerSlope = 0.0;
  for (var place = run.begin; place < run.end; place++) {
    let occurrence = order[place];
    let slot = occurrence / (negatives + 2u);
    // Not the remainder: drivers that run on the CPU would divide again.
    let k = occurrence - slot * (negatives + 2u);
    let coefficient = snapshots[coefficientPlace(slot, k, coefficientOf(v))][k % 4u];
    let vector = snapshots[snapshotPlace(select(USER, USER_GRADIENT, k == 0u), slot, v)];
    sum.gradient += coefficient * vector;
    if (secondCoefficient == OF_TOWER && k > 0u) {
      towerSlope += snapshots[coefficientPlace(slot, k, 1u)][k % 4u];
    }
    if (recording > 0u) {
      if (k == 0u) {
        sum.positive += snapshots[snapshotPlace(USER_POSITIVE, slot, v)];
        sum.negative += snapshots[snapshotPlace(USER_NEGATIVE, slot, v)];
      } else {
        let weight = recordedWeight(coefficient, k);
        sum.positive += select(0.0, weight, k == 1u) * vector;
        sum.negative += select(weight, 0.0, k == 1u) * vector;
      }
    }
  }
  if (secondCoefficient == OF_TOWER) {
    sum.gradient += towerSlope * snapshots[itemTowerPlace(v)];
  }
  return sum;
}

// Adds to `recorded`, [2][rows][d]: positive parts, then negative ones. Most items of a step have one of the two only, and then
// take one branch, whichever it is.
fn record(place: u32, sum: RunSum) {
  if (recording == 0u) {
    return;
  }
  let negativePlace = rows * vectors + place;
  let hasPositive = any(sum.positive != vec4f());
  recorded[select(negativePlace, place, hasPositive)] += select(sum.negative, sum.positive, hasPositive);
  if (hasPositive && any(sum.negative != vec4f())) {
    recorded[negativePlace] += sum.negative;
  }
}

// The row's share of the step's triples, which weighs its L2 term: a user or positive takes part in `negatives` triples, a
// negative in one.
fn runShare(run: Run) -> f32 {
  var triples = 0.0;
  for (var place = run.begin; place < run.end; place++) {
    triples += select(1.0, f32(negatives), order[place] % (negatives + 2u) < 2u);
  }
  return triples * step.inverseTriples;
}
