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
