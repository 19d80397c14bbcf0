import type { Ablation, BackboneKind, PaperDataset } from './paper.ts'

export const DATASET_TITLES: Readonly<Record<PaperDataset, string>> = {
  ml10m: 'MovieLens-10M',
  netflix: 'Netflix',
  adressa: 'Adressa',
  gowalla: 'Gowalla',
}

export const BACKBONE_TITLES: Readonly<Record<BackboneKind, string>> = { mf: 'MF', lgn: 'LightGCN' }

/** In the paper's Table V α1 is the user's and α2 the item's, the other way round than in its equations (METHODS.md §2.3 G). */
export const ABLATION_TITLES: Readonly<Record<Ablation, string>> = {
  ours: 'gradient',
  noNorm: 'w/o norm',
  alphaUserOff: 'α1 = 0 (αUser off)',
  alphaItemOff: 'α2 = 0 (αItem off)',
}
