// For each step of a horizon a bit of every row: 1 for rows that the step draws, and for their counterparts where arms are compared.

// Words of 32 rows that a step has.
override markWords: u32;

fn isMarked(row: u32) -> bool {
  return ((marks[step.index * markWords + row / 32u] >> (row % 32u)) & 1u) == 1u;
}
