// Memory that belongs to one thread alone.

/** Bytes of the row of numbers that a gradient is summed up in: the widest row there is. */
export const ROW_BYTES: usize = 2048
/** Bytes of one number for each negative of a positive, with room for a whole last vector. */
export const NEGATIVE_BYTES: usize = 272

/** A row's gradient. */
export const GRADIENT: usize = 0
/** A row of zeros. */
export const ZEROS: usize = ROW_BYTES
/** Score differences, then slopes, of a positive's negatives. */
export const SLOPES: usize = 2 * ROW_BYTES
export const LOSSES: usize = 2 * ROW_BYTES + NEGATIVE_BYTES
/** Where what was loaded ahead of time goes. */
export const TOUCHED: usize = 2 * ROW_BYTES + 2 * NEGATIVE_BYTES
/** [row] run of the row in the step being planned. */
export const RUN_OF_ROW: usize = TOUCHED + 64
