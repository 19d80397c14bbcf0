import type { Corrections, Matrix, Recording } from '@gradrec/engine'
import { ConfigError } from '../errors.ts'
import type { ScoringVectors } from '../scoringVectors.ts'
import { directionsOf, type DirectionOptions, type Directions } from './directions.ts'
import type { Dials } from './inference.ts'
import { choice, type Method } from './method.ts'

/** The paper's grid for both dials: 0, 0.2 … 2 (§V-A). */
export const PAPER_GRID: readonly number[] = Array.from({ length: 11 }, (_, n) => n / 5)

export interface GradientOptions {
  readonly userNorm: 'unit' | 'none'
  readonly recording: Recording
  readonly directionFrom: DirectionOptions['from']
  readonly directionItems: DirectionOptions['items']
  readonly directionUsers: DirectionOptions['users']
  readonly directionScale: DirectionOptions['scale']
}

/**
 * The paper's method (Algorithms 1 and 2; METHODS.md §2): users of unit length in the training scores, recorded gradients, and
 * at inference, with the directions q̂ and p̂ made of them,
 *
 *     Q' = Q − αItem (Q·q̂) q̂      P' = P − αUser (P·p̂) p̂      score = P'·Q'
 *
 * With unit directions a dial of 0 leaves the model as it is, 1 removes the component along the direction, 2 reverses it.
 * The paper numbers its α's one way in its equations and the other way in its tables and Fig. 8; here they have names
 * (METHODS.md §2.3 G).
 */
export const gradient: Method<'gradient', GradientOptions> = {
  kind: 'gradient',
  summary: 'the paper’s: unit users and recorded gradients, directions subtracted (Ren et al., ICDM 2022)',
  options: {
    userNorm: choice(
      ['unit', 'none'],
      'length of users in training scores: one (Eq. 14), or as it is (Table V, w/o norm)',
    ),
    recording: choice(
      ['vector', 'gradient', 'none'],
      'what is recorded: Algorithm 1’s plain vectors, or true gradients',
    ),
    directionFrom: choice(['recorded', 'learned'], 'directions from recorded gradients or from embeddings'),
    directionItems: choice(
      ['popular', 'all', 'popularityWeighted', 'positiveOnly'],
      'items that the popular direction is a mean of',
    ),
    directionUsers: choice(['all', 'active'], 'users that the conformity direction is a mean of'),
    directionScale: choice(['unit', 'raw', 'meanOfUnit'], 'length of the directions'),
  },
  dials: {
    alphaItem: { grid: PAPER_GRID, description: 'how much of the popular direction items lose (1: all of it)' },
    alphaUser: { grid: PAPER_GRID, description: 'how much of the conformity direction users lose (1: all of it)' },
  },
  check: ({ recording, directionFrom, directionItems }) => {
    // Directions of what is not recorded would come from nowhere.
    if (directionFrom === 'recorded' && recording === 'none') {
      throw new ConfigError('recording', recording, 'vector or gradient, or directions from learned embeddings')
    }
    if (directionFrom === 'learned' && directionItems === 'positiveOnly') {
      const expected = 'directions from recorded gradients, which have a positive part'
      throw new ConfigError('directionItems', directionItems, expected)
    }
  },
  training: ({ userNorm, recording }, { loss, l2 }) => ({ objective: { kind: loss, l2, userNorm }, recording }),
  inference: (options, trained, popularity) => {
    const directions = directionsOf(trained, popularity, {
      from: options.directionFrom,
      items: options.directionItems,
      users: options.directionUsers,
      scale: options.directionScale,
    })
    const { embeddings } = trained
    return {
      base: embeddings,
      vectors: (dials) => adjusted(embeddings, directions, dials),
      corrections: (settings) => adjustments(embeddings, directions, settings),
      warnings: [...directions.warnings, ...sameDials(directions)],
    }
  },
}

/** Directions this close to parallel leave the two dials nothing of their own. */
const PARALLEL = 0.98

function sameDials({ cosine }: Directions): readonly string[] {
  if (Math.abs(cosine) < PARALLEL) return []
  return [
    `the two directions are nearly parallel (cosine ${cosine.toFixed(3)}), so both dials do the same: together they subtract ` +
      '1 − (1 − αItem)(1 − αUser) of the component',
  ]
}

/** Algorithm 2: subtracts the dials' share of the component along each direction. */
export function adjusted(
  base: ScoringVectors,
  directions: Pick<Directions, 'item' | 'user'>,
  dials: Dials,
): ScoringVectors {
  const { alphaItem = 0, alphaUser = 0 } = dials
  return {
    users: withoutComponent(base.users, directions.user, alphaUser),
    items: withoutComponent(base.items, directions.item, alphaItem),
  }
}

/**
 * The same for many settings, as corrections of the base score: with x = P·q̂, y = P·p̂, X = Q·q̂, Y = Q·p̂ and c = p̂·q̂
 *
 *     P'·Q' = P·Q − αItem x X − αUser y Y + αItem αUser c y X   (METHODS.md §2.2)
 */
export function adjustments(
  base: ScoringVectors,
  { item, user }: Pick<Directions, 'item' | 'user'>,
  settings: readonly Dials[],
): Corrections {
  const along = { x: products(base.users, item), y: products(base.users, user) }
  const [X, Y] = [products(base.items, item), products(base.items, user)]
  const c = item.reduce((sum, value, f) => sum + value * user[f]!, 0)
  const items = new Float32Array(2 * base.items.rows)
  for (let i = 0; i < base.items.rows; i++) {
    items[2 * i] = X[i]!
    items[2 * i + 1] = Y[i]!
  }
  return {
    items: { rows: base.items.rows, dimension: 2, values: items },
    users: settings.map(({ alphaItem = 0, alphaUser = 0 }) => {
      const values = new Float32Array(2 * base.users.rows)
      for (let u = 0; u < base.users.rows; u++) {
        values[2 * u] = alphaItem * (alphaUser * c * along.y[u]! - along.x[u]!)
        values[2 * u + 1] = -alphaUser * along.y[u]!
      }
      return { rows: base.users.rows, dimension: 2, values }
    }),
  }
}

function withoutComponent(matrix: Matrix, direction: Float64Array, share: number): Matrix {
  if (share === 0) return matrix
  const { rows, dimension } = matrix
  const lengths = products(matrix, direction)
  const values = new Float32Array(matrix.values.length)
  for (let row = 0; row < rows; row++) {
    const factor = share * lengths[row]!
    for (let f = 0; f < dimension; f++) {
      values[row * dimension + f] = matrix.values[row * dimension + f]! - factor * direction[f]!
    }
  }
  return { rows, dimension, values }
}

/** Each row's inner product with a vector. */
function products({ rows, dimension, values }: Matrix, vector: Float64Array): Float64Array {
  const found = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let f = 0; f < dimension; f++) sum += values[row * dimension + f]! * vector[f]!
    found[row] = sum
  }
  return found
}
