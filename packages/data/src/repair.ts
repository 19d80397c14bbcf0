import type { Repair } from './dataset.ts'

/** The codes that a `Repair` can carry. */
export type RepairCode =
  | 'blank-line'
  | 'user-without-items'
  | 'duplicate-pair'
  | 'below-rating'
  | 'dropped-user'
  | 'dropped-item'
  | 'user-below-core'
  | 'item-below-core'
  | 'pair-below-core'
  | 'part-overlap'
  | 'user-without-training'
  | 'item-without-training'

/** What each repair did, as a sentence for a count (in English digits) and a subject (a file, a part or a least number). */
const SENTENCES: Record<RepairCode, (count: string, subject: string) => string> = {
  'blank-line': (count, source) => `Blank lines passed over in ${source}: ${count}.`,
  'user-without-items': (count, source) =>
    `Lines of ${source} that name a user and no item, and add nothing: ${count}.`,
  'duplicate-pair': (count, source) => `Repeated (user, item) pairs merged in ${source}: ${count}.`,
  'below-rating': (count, source) => `Rows below the rating threshold left out of ${source}: ${count}.`,
  'dropped-user': (count) => `Users dropped because they have no interaction left: ${count}.`,
  'dropped-item': (count) => `Items dropped because they have no interaction left: ${count}.`,
  'user-below-core': (count, least) => `Users left out because they have fewer than ${least} items: ${count}.`,
  'item-below-core': (count, least) => `Items left out because they have fewer than ${least} users: ${count}.`,
  'pair-below-core': (count, source) => `Interactions of ${source} that went with those users and items: ${count}.`,
  'part-overlap': (count, part) =>
    `Pairs of the part ${part} that stand in an earlier part too and stay there: ${count}.`,
  'user-without-training': (count) => `Users without a training interaction, whose lists come from chance: ${count}.`,
  'item-without-training': (count) => `Items without a training interaction, ranked by chance: ${count}.`,
}

/** Adds a repair to the list, unless there was nothing to mend. */
export function countRepair(repairs: Repair[], code: RepairCode, count: number, subject = ''): void {
  if (count === 0) return
  repairs.push({ code, count, message: SENTENCES[code](count.toLocaleString('en-US'), subject) })
}
