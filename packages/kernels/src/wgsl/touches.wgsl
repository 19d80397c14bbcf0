// Of every row a bit for each step of the current horizon: whether it touches the row. All are 0 between horizons.

// Words of 32 steps that a row has.
override touchWords: u32;

const NEVER = 0xffffffffu;
