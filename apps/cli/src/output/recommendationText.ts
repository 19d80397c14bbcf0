import type { UserRecommendations } from '@gradrec/core'
import { alignTable } from './alignTable.ts'

/** First line of a CSV file of recommendations. */
export const CSV_HEADER = 'user,known,rank,item,score\n'

/** A user's list for people. */
export function listTable({ user, isKnown, items }: UserRecommendations): string {
  const fallback = items.length > 0 ? 'the most popular items, with their training interactions' : 'no items'
  const heading = `user ${user}${isKnown ? '' : ` is unknown to the model: ${fallback}`}`
  if (items.length === 0) return isKnown ? `${heading}: no items are left` : heading
  const width = String(items.length).length
  const rows = items.map(({ item, score }, n) => [
    `  ${String(n + 1).padStart(width)}  ${item}`,
    isKnown ? score.toFixed(4) : String(score),
  ])
  return `${heading}\n${alignTable(rows)}`
}

/** One JSON object and a line break. */
export function jsonLine({ user, isKnown, items }: UserRecommendations): string {
  const list = items.map(({ item, score }) => ({ item, score: short(score) }))
  return `${JSON.stringify({ user, known: isKnown, items: list })}\n`
}

/** A row for each item. A user without items has none. */
export function csvRows({ user, isKnown, items }: UserRecommendations): string {
  return items
    .map(({ item, score }, n) => `${csvField(user)},${isKnown},${n + 1},${csvField(item)},${short(score)}\n`)
    .join('')
}

/** Scores are float32 numbers: more digits would say nothing. */
function short(score: number): number {
  return Number(score.toPrecision(7))
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text
}
