import * as v from 'valibot'

/** What a setting holds. Ranges are not checked here but where the setting is used, once for every way of giving it. */
export interface Kind<Value> {
  readonly schema: v.GenericSchema<unknown, Value>
  /** Placeholder in the help text; `undefined` for a switch. */
  readonly hint: string | undefined
  /** What a flag's text stands for; text that stands for nothing is returned as it is, for the schema to refuse. */
  fromText(text: string): unknown
}

export const text = (hint: string): Kind<string> => ({
  schema: v.pipe(v.string('text'), v.nonEmpty('some text')),
  hint,
  fromText: (given) => given,
})

export const number = (hint = 'number'): Kind<number> => ({
  schema: v.number('a number'),
  hint,
  // Number('') is 0, and a flag without its value is the empty text.
  fromText: (given) => (given.trim() === '' || Number.isNaN(Number(given)) ? given : Number(given)),
})

export const yesOrNo: Kind<boolean> = {
  schema: v.boolean('true or false'),
  hint: undefined,
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
}

export const choice = <const Options extends readonly string[]>(...options: Options): Kind<Options[number]> => ({
  schema: v.picklist(options, options.length === 1 ? String(options[0]) : `one of ${options.join(', ')}`),
  hint: options.join('|'),
  fromText: (given) => given,
})
