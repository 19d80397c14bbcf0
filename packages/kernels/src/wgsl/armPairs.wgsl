//#include "runs.wgsl"
//#include "pairs.wgsl"
// Which pairs of counterparts a step touches.

fn isTouched(row: u32) -> bool {
  return touched[row].x == step.stamp;
}

// Of every pair that a step touches one run stands for it: the control row's if it has one, else the treatment row's.
fn standsForPair(row: u32, pair: Pair) -> bool {
  return row == pair.control || !isTouched(pair.control);
}

// Runs of rows without counterparts come before all others.
fn firstPairedRun() -> u32 {
  return select(runCounts().y, 0u, usersApart == 1u);
}
