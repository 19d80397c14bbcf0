import { METHOD_KINDS, METHODS, methodOptions, type Dial, type MethodKind, type MethodOption } from '@gradrec/core'
import { choice, number, type Kind } from './kinds.ts'

/** Options and dials of methods by name, as they were given. */
export type MethodSettings = Readonly<Record<string, string | number>>

/** A setting that some methods have. */
export interface MethodSetting {
  readonly kind: Kind<string | number>
  readonly description: string
  readonly methods: readonly MethodKind[]
}

/**
 * A setting for every option of any method, and for every dial. They come from the methods' own tables, so that a new method has
 * its flags without a word here. A name that several methods share is one setting.
 */
export const METHOD_SETTINGS: ReadonlyMap<string, MethodSetting> = new Map([
  ...named(methodOptions).map(([name, owners]) => [name, optionSetting(owners)] as const),
  ...named(dialsOf).map(([name, owners]) => [name, dialSetting(owners)] as const),
])

/** The dials of any method, by name, in words. */
export const DIALS: ReadonlyMap<string, string> = new Map(
  named(dialsOf).map(([name, owners]) => [name, described(owners, () => '')]),
)

/** A method and what it has of a name. */
type Owner<Value> = readonly [method: MethodKind, value: Value]

function dialsOf(kind: MethodKind): Readonly<Record<string, Dial>> {
  return METHODS[kind].dials
}

/** What methods have, by name, in the order they are read. */
function named<Value>(tableOf: (kind: MethodKind) => Readonly<Record<string, Value>>): [string, Owner<Value>[]][] {
  const byName = new Map<string, Owner<Value>[]>()
  for (const kind of METHOD_KINDS) {
    for (const [name, value] of Object.entries(tableOf(kind))) {
      byName.set(name, [...(byName.get(name) ?? []), [kind, value]])
    }
  }
  return [...byName]
}

function optionSetting(owners: readonly Owner<MethodOption>[]): MethodSetting {
  const choices = owners.flatMap(([, option]) => (option.kind === 'choice' ? option.choices : []))
  return {
    kind: choices.length > 0 ? choice(...new Set(choices)) : number(),
    description: described(owners, (option) => `; default: ${option.default}`),
    methods: owners.map(([method]) => method),
  }
}

function dialSetting(owners: readonly Owner<Dial>[]): MethodSetting {
  return {
    kind: number(),
    description: described(owners, () => '; default: tuned on validation'),
    methods: owners.map(([method]) => method),
  }
}

/** What a name means, once for all methods that say the same of it: `power that weights are raised to (ips; default: 1)`. */
function described<Value extends { readonly description: string }>(
  owners: readonly Owner<Value>[],
  more: (value: Value) => string,
): string {
  const methodsOf = new Map<
    string,
    { readonly methods: MethodKind[]; readonly description: string; readonly more: string }
  >()
  for (const [method, value] of owners) {
    const key = `${value.description}${more(value)}`
    const same = methodsOf.get(key)
    if (same === undefined) methodsOf.set(key, { methods: [method], description: value.description, more: more(value) })
    else same.methods.push(method)
  }
  return [...methodsOf.values()]
    .map((each) => `${each.description} (${each.methods.join(', ')}${each.more})`)
    .join('; ')
}
