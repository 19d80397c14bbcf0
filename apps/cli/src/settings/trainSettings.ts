import type { Format, Split } from '@gradrec/data'
import { METHOD_KINDS, type MethodKind, type Recipe, type TrainConfig } from '@gradrec/core'
import type { EngineKind } from '@gradrec/engines'
import { choice, number, text, yesOrNo, type Kind } from './kinds.ts'
import { METHOD_SETTINGS } from './methodSettings.ts'

/**
 * What was said about a run, by flags and file together; what is missing is left to the recipe. Options and dials of methods are
 * `MethodSettings`.
 */
export interface TrainSettings {
  readonly dataset?: string
  readonly dataRoot?: string
  readonly protocol?: string
  readonly format?: Format
  readonly userColumn?: string
  readonly itemColumn?: string
  readonly ratingColumn?: string
  readonly minRating?: number
  readonly split?: Split['kind']
  readonly users?: number
  readonly items?: number
  readonly trainInteractions?: number
  readonly validationInteractions?: number
  readonly testInteractions?: number
  readonly biasedTestInteractions?: number
  readonly popularityBias?: number
  readonly dataSeed?: number

  readonly recipe?: Recipe['name']
  readonly backbone?: TrainConfig['backbone']['kind']
  readonly layers?: number
  readonly selfLoops?: boolean
  readonly degreeExponent?: number
  readonly dropout?: number
  readonly loss?: TrainConfig['loss']
  readonly dimension?: number
  readonly initialisation?: TrainConfig['initialisation']['kind']
  readonly sd?: number

  readonly method?: MethodKind

  readonly batch?: number
  readonly negatives?: number
  readonly distinct?: boolean
  readonly positives?: TrainConfig['positives']
  readonly optimizer?: TrainConfig['optimizer']['kind']
  readonly learningRate?: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly amsgrad?: boolean
  readonly update?: 'dense' | 'lazy'
  readonly weightDecay?: number
  readonly schedule?: TrainConfig['schedule']['kind']
  readonly rateFactor?: number
  readonly ratePatience?: number
  readonly rateThreshold?: number
  readonly minimumRate?: number
  readonly l2?: number
  readonly epochs?: number
  readonly seed?: number

  readonly evaluateEvery?: number
  readonly patience?: number
  readonly watch?: string
  readonly k?: number
  readonly averageOver?: TrainConfig['averageOver']
  readonly maskValidation?: boolean

  readonly engine?: EngineKind
  readonly adapter?: string
  readonly threads?: number
  readonly name?: string
  readonly runs?: string
  readonly checkpointEvery?: number
}

export type TrainSettingKey = keyof TrainSettings

interface Setting<Value> {
  readonly kind: Kind<Value>
  readonly description: string
}

const setting = <Value>(kind: Kind<Value>, description: string): Setting<Value> => ({ kind, description })

/**
 * Every setting of `gradrec train` but those that only some methods have, once. The key is the name in configuration files; in kebab-case, with two dashes, it is
 * the flag. Where no default is named, the recipe decides.
 */
export const TRAIN_SETTINGS: { readonly [Key in TrainSettingKey]-?: Setting<Required<TrainSettings>[Key]> } = {
  dataset: setting(
    text('name|path'),
    'simulated (default), a data set of the catalogue, a file of interactions, or a split’s folder',
  ),
  dataRoot: setting(text('folder'), 'where catalogue data lies (default: $GRADREC_DATA, else ./data)'),
  protocol: setting(text('name'), 'how a catalogue data set is cut into parts (default: its first)'),
  format: setting(
    choice('csv', 'list', 'npz', 'parquet', 'u.data', 'ratings.dat'),
    'format of the file (default: told from the file)',
  ),
  userColumn: setting(text('column'), 'column of user ids in the file'),
  itemColumn: setting(text('column'), 'column of item ids in the file'),
  ratingColumn: setting(text('column'), 'column of ratings in the file'),
  minRating: setting(number(), 'interactions rated lower are left out'),
  split: setting(
    choice('iidByUser', 'perItem', 'intervened', 'leaveOneOut', 'temporal', 'none'),
    'how a file is cut into parts (iidByUser)',
  ),
  users: setting(number('count'), 'simulated users (1000)'),
  items: setting(number('count'), 'simulated items (600)'),
  trainInteractions: setting(number('count'), 'simulated interactions to train on (30000)'),
  validationInteractions: setting(number('count'), 'simulated unbiased interactions for validation (4000)'),
  testInteractions: setting(number('count'), 'simulated unbiased interactions for the test (8000)'),
  biasedTestInteractions: setting(number('count'), 'simulated biased interactions for the second test (3000)'),
  popularityBias: setting(number(), 'how strongly popularity steers what simulated users see (4; 0: not at all)'),
  dataSeed: setting(number('integer'), 'seed of the simulation or of a split (0)'),

  recipe: setting(choice('default', 'macr', 'dice'), 'named settings to start from (default: by data set)'),
  backbone: setting(choice('mf', 'lgn'), 'matrix factorisation (default) or LightGCN'),
  layers: setting(number('count'), 'propagation layers of lgn, 1 to 16'),
  selfLoops: setting(yesOrNo, 'every node is its own neighbour too (lgn)'),
  degreeExponent: setting(number(), 'how much of the normalisation falls on neighbours, 0 to 1 (lgn; 0.5: symmetric)'),
  dropout: setting(number(), 'share of each propagated layer that training drops, 0 to 0.9 (lgn)'),
  loss: setting(choice('bpr', 'bce'), 'Bayesian personalised ranking, or binary cross-entropy'),
  dimension: setting(number('count'), 'width of the embeddings, a multiple of 4 from 4 to 512'),
  initialisation: setting(choice('xavier', 'uniform', 'normal'), 'distribution the embeddings start from'),
  sd: setting(number(), 'standard deviation of the normal initialisation (0.1)'),

  method: setting(choice(...METHOD_KINDS), 'how popularity bias is removed, see METHODS below (default: gradient)'),

  batch: setting(number('count'), 'positives per step, 1 to 65536'),
  negatives: setting(number('count'), 'negatives per positive, 1 to 64'),
  distinct: setting(yesOrNo, 'no negative twice for one positive'),
  positives: setting(choice('interaction', 'user'), 'positives from all interactions, or of users drawn uniformly'),
  optimizer: setting(choice('adam', 'sgd'), 'update rule'),
  learningRate: setting(number(), 'step size, above 0'),
  beta1: setting(number(), 'decay of the first moment (adam)'),
  beta2: setting(number(), 'decay of the second moment (adam)'),
  epsilon: setting(number(), 'added to the root of the second moment (adam)'),
  amsgrad: setting(yesOrNo, 'divide by the largest second moment so far (adam)'),
  update: setting(
    choice('dense', 'lazy'),
    'visit all rows at every step, or only touched ones, to the same result (adam)',
  ),
  weightDecay: setting(number(), 'coupled weight decay of every row at every step, 0 or more'),
  schedule: setting(
    choice('constant', 'plateau'),
    'keep the learning rate, or lower it where validation gets no better',
  ),
  rateFactor: setting(number(), 'what the rate is multiplied by, between 0 and 1 (plateau)'),
  ratePatience: setting(number('count'), 'validations without improvement that are waited for (plateau)'),
  rateThreshold: setting(number(), 'share by which the metric has to improve (plateau)'),
  minimumRate: setting(number(), 'lowest learning rate (plateau)'),
  l2: setting(number(), 'regularisation of the rows of each batch, 0 or more'),
  epochs: setting(number('count'), 'at most so many'),
  seed: setting(number('integer'), 'seed of initial embeddings and sampling'),

  evaluateEvery: setting(number('count'), 'epochs between validations'),
  patience: setting(number('count'), 'validations without improvement that stop training (0: never)'),
  watch: setting(text('metric@k'), 'validation metric that picks the model: recall@20, hitRate@20, ndcg@20, …'),
  k: setting(number('count'), 'length of the evaluated lists, 1 to 1024'),
  averageOver: setting(choice('usersWithTest', 'allUsers'), 'users that metrics are means over'),
  maskValidation: setting(yesOrNo, 'leave validation items out of test lists'),

  engine: setting(
    choice('auto', 'webgpu', 'wasm'),
    'what computes (auto: a GPU if there is one, else WebAssembly SIMD)',
  ),
  adapter: setting(text('auto|hardware|software|name'), 'which GPU: by kind, or by part of its name (auto)'),
  threads: setting(number('count'), 'threads of the wasm engine (one a core)'),
  name: setting(text('name'), 'name of the run (default: data set, backbone and time)'),
  runs: setting(text('folder'), 'where runs are written (runs)'),
  checkpointEvery: setting(number('seconds'), 'least time between checkpoints (30; 0: after every epoch)'),
}

/** Headings of the help text, each with the setting it stands above. */
export const SETTING_GROUPS: readonly (readonly [heading: string, first: TrainSettingKey])[] = [
  ['Data', 'dataset'],
  ['Model', 'recipe'],
  ['Debiasing', 'method'],
  ['Training', 'batch'],
  ['Validation and evaluation', 'evaluateEvery'],
  ['Machine and files', 'engine'],
]

/** All settings by key, those of methods behind `method`. */
export const SETTINGS: ReadonlyMap<string, Setting<unknown>> = new Map(
  Object.entries(TRAIN_SETTINGS).flatMap(([key, value]): [string, Setting<unknown>][] =>
    key === 'method' ? [[key, value], ...METHOD_SETTINGS] : [[key, value]],
  ),
)

export const SETTING_KEYS: readonly string[] = [...SETTINGS.keys()]

/** Settings by key as a configuration file holds them. */
export type SettingValues = Readonly<Record<string, string | number | boolean>>

/** `learningRate` → `learning-rate`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
