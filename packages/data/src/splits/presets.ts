import type { Split } from './split.ts'

/** The names of splits. */
export type SplitPreset = 'intervened' | 'paper-60-10-30' | 'per-item' | 'iid' | 'leave-one-out' | 'temporal' | 'mix'

/** Named splits, with the numbers that give them their name. Each takes other numbers, too. */
export const SPLIT_PRESETS: Readonly<Record<SplitPreset, Split>> = {
  /** DICE's split: 10 % intervened for training, 10 % for validation, 20 % for the test (METHODS.md §3.9). */
  intervened: { kind: 'intervened', intervenedTrain: 0.1, validation: 0.1, test: 0.2 },
  /** The split of the paper's text: 60 % biased training, 10 % and 30 % intervened validation and test (METHODS.md §8.1). */
  'paper-60-10-30': { kind: 'intervened', intervenedTrain: 0, validation: 0.1, test: 0.3 },
  /** As many interactions of every item (METHODS.md §4.5). */
  'per-item': { kind: 'perItem', validation: 2, test: 2 },
  iid: { kind: 'iidByUser', validation: 0.1, test: 0.1 },
  'leave-one-out': { kind: 'leaveOneOut' },
  temporal: { kind: 'temporal', validation: 0.1, test: 0.1 },
  /** Fig. 7 of the paper (METHODS.md §2.3 Q). */
  mix: { kind: 'mix', intervenedShare: 0.5, validation: 0.05, test: 0.15 },
}
