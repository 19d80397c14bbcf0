import { readFile } from 'node:fs/promises'
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { UsageError } from '../errors.ts'
import { nearestName } from '../nearestName.ts'
import type { Given, GivenSettings } from './given.ts'
import { SETTING_KEYS, SETTINGS } from './trainSettings.ts'

/**
 * Reads settings from a YAML or JSON file (JSON is read as the YAML it also is). The file is one flat map of settings, or a
 * run's `config.json`, whose settings stand under `settings`.
 */
export async function readConfigFile(path: string): Promise<GivenSettings> {
  let source: string
  try {
    source = await readFile(path, 'utf8')
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause)
    throw new UsageError(`--config is "${path}"; expected a YAML or JSON file, but ${why}`)
  }
  return parseConfig(source, path)
}

/** @param path only named in messages */
export function parseConfig(source: string, path: string): GivenSettings {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const [syntax] = document.errors
  if (syntax) throw new UsageError(`${place(syntax.pos[0])}: ${firstSentence(syntax.message)}`)
  const root = document.contents
  if (root === null) return new Map()
  if (!isMap(root)) throw new UsageError(`${place(root.range?.[0] ?? 0)}: expected settings, one "key: value" a line`)
  const inRunFile = root.get('settings', true)
  return settingsIn(isMap(inRunFile) ? inRunFile : root, place)
}

function settingsIn(map: YAMLMap, place: (offset: number) => string): GivenSettings {
  const given = new Map<string, Given>()
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
    if (!SETTINGS.has(key)) {
      const nearest = nearestName(key, SETTING_KEYS)
      const advice = nearest === undefined ? `the settings are ${SETTING_KEYS.join(', ')}` : `did you mean ${nearest}?`
      throw new UsageError(`${place(offset)}: "${key}" is not a setting; ${advice}`)
    }
    const value: unknown = isScalar(pair.value) ? pair.value.value : pair.value
    given.set(key, { value, source: 'file', where: `${place(offset)}: ${key}` })
  }
  return given
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message
}
