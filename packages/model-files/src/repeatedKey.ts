/**
 * The first name that some object of a JSON text has twice, or undefined. The text must be valid JSON: then a string with a
 * colon behind it is a name, and brackets outside strings are always balanced.
 */
export function repeatedKey(json: string): string | undefined {
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs
  const open: Set<string>[] = []
  for (const [text, colon] of json.matchAll(token)) {
    if (text === '{') open.push(new Set())
    else if (text === '}') open.pop()
    else if (colon !== undefined) {
      // Unescaped, since "a" and "\u0061" are the same name.
      const name = JSON.parse(text.slice(0, -colon.length)) as string
      const names = open.at(-1)
      if (names?.has(name)) return name
      names?.add(name)
    }
  }
  return undefined
}
