//#include "runs.wgsl"
// Counterparts: rows of the control arm and of the treatment arm that belong to the same item or, with users apart, to the same user.
// packages/engine/src/arms.ts says which rows these are.

// Rows of users; those of items follow.
override users: u32;
// Of both arms together.
override items: u32;
// 1: users have counterparts too.
override usersApart: u32;

struct Pair {
  control: u32,
  treatment: u32,
}

fn pairOf(row: u32) -> Pair {
  let isItem = row >= users;
  let first = select(0u, users, isItem);
  let inArm = select(users, items, isItem) / 2u;
  let control = first + (row - first) % inArm;
  return Pair(control, control + inArm);
}

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
