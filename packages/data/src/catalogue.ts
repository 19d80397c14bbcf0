import type { Parts } from './dataset.ts'
import type { OneOrMore } from './datasetFromInteractions.ts'
import { DataOptionError } from './errors.ts'
import type { Format } from './readers/detectFormat.ts'
import type { Split } from './splits/split.ts'

/** One file of a catalogued data set. */
export interface CataloguedFile {
  /** Name within the data set's folder. */
  readonly name: string
  readonly bytes: number
  readonly format: Format
}

/** One way to make parts of a catalogued data set's files. */
export interface CataloguedProtocol {
  /** Which file or files hold which part; a file that is the only one is split. */
  readonly files: { readonly [Name in keyof Parts]: OneOrMore<string> }
  /** What is split off the training file. */
  readonly split: Split
  readonly minimumRating?: number
  /** How the parts came about, before any split. */
  readonly text: string
}

export interface CatalogueEntry {
  /** Also the name of the folder below the root. */
  readonly name: string
  readonly title: string
  readonly source: string
  readonly licence: string
  readonly files: readonly CataloguedFile[]
  /** By name; the first is the default. */
  readonly protocols: Readonly<Record<string, CataloguedProtocol>>
}

const MOVIELENS =
  'MovieLens: research use with acknowledgement; no redistribution, no commercial use without permission'

/** DICE's four files (METHODS.md §8.1: N, S, V and T). */
const DICE_FILES = {
  train: 'train_coo_record.npz',
  intervenedTrain: 'train_skew_coo_record.npz',
  validation: 'val_coo_record.npz',
  test: 'test_coo_record.npz',
} as const

const DICE_TEXT =
  '40 % of all interactions were drawn with probabilities inverse to item popularity (10 / 10 / 20 %: intervened training, ' +
  'validation, test); the other 60 % are biased.'

const DICE_PROTOCOLS: CatalogueEntry['protocols'] = {
  dice: {
    files: DICE_FILES,
    split: { kind: 'none' },
    text: `${DICE_TEXT} Training is the biased 60 % and the intervened 10 % together.`,
  },
  'paper-60-10-30': {
    files: {
      train: DICE_FILES.train,
      validation: DICE_FILES.validation,
      test: [DICE_FILES.test, DICE_FILES.intervenedTrain],
    },
    split: { kind: 'none' },
    text: `${DICE_TEXT} Training is the biased 60 % alone; the intervened training part joins the test (30 %), as the paper's text has it.`,
  },
  'train60-test20': {
    files: { train: DICE_FILES.train, validation: DICE_FILES.validation, test: DICE_FILES.test },
    split: { kind: 'none' },
    text: `${DICE_TEXT} Training is the biased 60 % alone; the intervened training part is left out.`,
  },
}

/** MACR's data ship a training and a test file, and no validation: METHODS.md §4.5 says to hold out a few per item. */
function macrProtocols(perItem: number): CatalogueEntry['protocols'] {
  return {
    macr: {
      files: { train: 'train.txt', test: 'test.txt' },
      split: { kind: 'perItem', validation: 2 },
      text: `Training and test as MACR ships them: the test holds exactly ${perItem} interactions of every item.`,
    },
    shipped: {
      files: { train: 'train.txt', test: 'test.txt' },
      split: { kind: 'none' },
      text: `Training and test as MACR ships them, without a validation part: the test holds exactly ${perItem} interactions of every item.`,
    },
  }
}

/** 4 stars or more count as a liking, as LightGCN's, MACR's and most later work on MovieLens has it. */
function ratingsProtocols(file: string): CatalogueEntry['protocols'] {
  const likings = (split: Split): CataloguedProtocol => ({
    files: { train: file },
    split,
    minimumRating: 4,
    text: 'Interactions rated 4 or more.',
  })
  return {
    iid: likings({ kind: 'iidByUser', validation: 0.1, test: 0.1 }),
    intervened: likings({ kind: 'intervened' }),
    'leave-one-out': likings({ kind: 'leaveOneOut' }),
    temporal: likings({ kind: 'temporal', validation: 0.1, test: 0.1 }),
  }
}

function diceFiles(bytes: readonly [number, number, number, number]): CataloguedFile[] {
  return Object.values(DICE_FILES).map((name, at) => ({ name, bytes: bytes[at] ?? 0, format: 'npz' }))
}

/** Every data set that gradrec knows by name (METHODS.md §9). None is shipped: licences forbid it or are unclear. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: 'ml10m',
    title: 'MovieLens-10M, 5-star ratings, as DICE split it',
    source: 'GroupLens MovieLens 10M; prepared by Zheng et al., DICE (github.com/tsinghua-fib-lab/DICE)',
    licence: MOVIELENS,
    files: diceFiles([1_565_918, 620_752, 620_917, 1_233_137]),
    protocols: DICE_PROTOCOLS,
  },
  {
    name: 'netflix',
    title: 'Netflix Prize, 5-star ratings, as DICE split it',
    source: 'Netflix Prize; prepared by Zheng et al., DICE (github.com/tsinghua-fib-lab/DICE)',
    licence:
      'Netflix Prize: research use with acknowledgement; no redistribution, no commercial use without permission',
    files: diceFiles([2_545_692, 1_009_076, 1_009_358, 2_010_717]),
    protocols: DICE_PROTOCOLS,
  },
  {
    name: 'adressa',
    title: 'Adressa news reading, as MACR split it',
    source: 'Adressa (NTNU, Adresseavisen); prepared by Wei et al., MACR (github.com/weitianxin/MACR)',
    licence: 'unclear; for research',
    files: [
      { name: 'train.txt', bytes: 411_350, format: 'list' },
      { name: 'test.txt', bytes: 22_391, format: 'list' },
    ],
    protocols: macrProtocols(4),
  },
  {
    name: 'gowalla',
    title: 'Gowalla check-ins, as MACR split it',
    source: 'SNAP loc-gowalla (Cho et al. 2011); prepared by Wei et al., MACR (github.com/weitianxin/MACR)',
    licence: 'SNAP: research use with citation',
    files: [
      { name: 'train.txt', bytes: 4_664_055, format: 'list' },
      { name: 'test.txt', bytes: 1_259_422, format: 'list' },
    ],
    protocols: macrProtocols(5),
  },
  {
    name: 'ml100k',
    title: 'MovieLens 100K',
    source: 'GroupLens MovieLens 100K (grouplens.org/datasets/movielens/100k)',
    licence: MOVIELENS,
    files: [{ name: 'u.data', bytes: 1_979_173, format: 'u.data' }],
    protocols: ratingsProtocols('u.data'),
  },
  {
    name: 'ml-latest-small',
    title: 'MovieLens Latest Small (2018-09)',
    source: 'GroupLens ml-latest-small (grouplens.org/datasets/movielens/latest; Harper & Konstan 2015)',
    licence: 'MovieLens: redistribution allowed under the same terms; no commercial use without permission',
    files: [{ name: 'ratings.csv', bytes: 2_483_723, format: 'csv' }],
    protocols: ratingsProtocols('ratings.csv'),
  },
]

/** The entry of a name. Throws `DataOptionError` for an unknown one. */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = CATALOGUE.find((each) => each.name === name)
  if (entry !== undefined) return entry
  throw new DataOptionError(
    `there is no data set called ${JSON.stringify(name)}; known are ${CATALOGUE.map((each) => each.name).join(', ')}`,
  )
}
