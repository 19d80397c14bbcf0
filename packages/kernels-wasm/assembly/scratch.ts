// Memory that belongs to one thread alone.

/** Bytes of the row of numbers that a gradient is summed up in: the widest row there is. */
export const ROW_BYTES: usize = 2048
/** Bytes of one number for each negative of a positive and one for itself, with room for a whole last vector. */
export const NEGATIVE_BYTES: usize = 272

/** A row's gradient. */
export const GRADIENT: usize = 0
/** A row of zeros. */
export const ZEROS: usize = ROW_BYTES
/** Scores of a positive's negatives. */
export const SCORES: usize = 2 * ROW_BYTES
/** Arguments of the log-sigmoid, then slopes: of the negatives, and last, where it has one, of the positive. */
export const SLOPES: usize = SCORES + NEGATIVE_BYTES
export const LOSSES: usize = SLOPES + NEGATIVE_BYTES
/** Where what was loaded ahead of time goes. */
export const TOUCHED: usize = LOSSES + NEGATIVE_BYTES
/** Words of four calls of Philox. */
export const RANDOM: usize = TOUCHED + 64
/** [row] run of the row in the step being planned. */
export const RUN_OF_ROW: usize = RANDOM + 64
