import type { Corrections, RankOptions } from './engine.ts'
import { SpecError } from './errors.ts'
import type { Matrix } from './matrix.ts'

/** The longest list that engines are built and tested for. */
export const LONGEST_LIST = 1024

/** Throws a `SpecError` for anything that no engine could rank. Engines call it first. */
export function checkRankInput(users: Matrix, items: Matrix, { k, exclude }: RankOptions): void {
  if (users.dimension !== items.dimension) {
    throw new SpecError(
      `user vectors have ${users.dimension} numbers and item vectors ${items.dimension}; expected the same`,
    )
  }
  checkFinite('user', users)
  checkFinite('item', items)
  if (!Number.isInteger(k) || k < 1 || k > LONGEST_LIST) {
    throw new SpecError(`k is ${k}; expected a whole number from 1 to ${LONGEST_LIST}`)
  }
  if (exclude === undefined || (exclude.rows === users.rows && exclude.columnCount === items.rows)) return
  throw new SpecError(
    `exclude is ${exclude.rows} users × ${exclude.columnCount} items; expected ${users.rows} × ${items.rows}, like the vectors`,
  )
}

/** The most numbers per item that corrections may have. */
export const MOST_CORRECTIONS = 4

/** Throws a `SpecError` for corrections that do not go with the vectors. Engines call it after `checkRankInput`. */
export function checkCorrections(users: Matrix, items: Matrix, corrections: Corrections): void {
  const { dimension } = corrections.items
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > MOST_CORRECTIONS) {
    throw new SpecError(`corrections have ${dimension} numbers per item; expected 1 to ${MOST_CORRECTIONS}`)
  }
  if (corrections.users.length === 0) throw new SpecError('corrections have no variants; expected at least one')
  if (corrections.items.rows !== items.rows) {
    throw new SpecError(`corrections are for ${corrections.items.rows} items; expected ${items.rows}, like the vectors`)
  }
  checkFinite('item (corrections)', corrections.items)
  for (const [variant, weights] of corrections.users.entries()) {
    if (weights.rows !== users.rows || weights.dimension !== dimension) {
      throw new SpecError(
        `corrections of variant ${variant} are ${weights.rows} users × ${weights.dimension}; expected ${users.rows} × ${dimension}`,
      )
    }
    checkFinite('user (corrections)', weights)
  }
}

function checkFinite(name: string, { values, dimension }: Matrix): void {
  for (let n = 0; n < values.length; n++) {
    if (Number.isFinite(values[n]!)) continue
    throw new SpecError(
      `the vector of ${name} number ${Math.floor(n / dimension)} holds ${values[n]}; expected finite numbers`,
    )
  }
}
