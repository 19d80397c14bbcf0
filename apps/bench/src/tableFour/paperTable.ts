/** A row of the paper's Table IV. */
export type PaperMethod = 'original' | 'dice' | 'macr' | 'gradient'
export type PaperBackbone = 'mf' | 'lgn'
export type PaperDataset = 'ml10m' | 'netflix'

/** The paper's Table IV: seconds per epoch on one Tesla V100 (§V-C-2), by backbone, data set and method. */
export const PAPER_SECONDS: Readonly<
  Record<PaperBackbone, Readonly<Record<PaperDataset, Readonly<Record<PaperMethod, number>>>>>
> = {
  mf: {
    ml10m: { original: 47, dice: 124, macr: 57, gradient: 51 },
    netflix: { original: 77, dice: 207, macr: 87, gradient: 78 },
  },
  lgn: {
    ml10m: { original: 126, dice: 307, macr: 304, gradient: 129 },
    netflix: { original: 201, dice: 454, macr: 447, gradient: 203 },
  },
}

/** Positives a step and negatives each, as DICE's code has them and the paper's authors took over (METHODS.md §3.1). */
export const PAPER_BATCH = 128
export const PAPER_NEGATIVES = 4
export const PAPER_DIMENSION = 128
