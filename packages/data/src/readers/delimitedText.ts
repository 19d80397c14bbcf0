import { DataFormatError } from '../errors.ts'

const QUOTE = 0x22
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const TAB = 0x09

/** A field longer than this is not a field: most often a quote that is never closed, or a file that is no text. */
const LONGEST_FIELD = 1 << 20

const NOTHING = new Uint8Array(0)

/** Who receives the fields. The bytes of a field are valid during the call only. */
export interface RowSink {
  /** A field of the present row: `bytes[start … end − 1]`, without quotes; unquoted fields without blanks around them. */
  field(bytes: Uint8Array, start: number, end: number, column: number): void
  /** The row is complete; it had this many fields. */
  endRow(fields: number): void
  /** A line without anything on it. */
  blankLine(): void
}

export interface DelimitedTextOptions {
  /** The file's name for messages. */
  readonly source: string
  /** One ASCII character, or `::`, or `blank` for runs of spaces and tabs (which come as empty fields between). */
  readonly delimiter: string
  /** Whether a field may stand in double quotes (RFC 4180: delimiters, line breaks and doubled quotes inside). */
  readonly quotes: boolean
}

/**
 * Cuts delimited text into fields, byte by byte, with no string and no object made per row: a sink reads numbers and ids from
 * the bytes themselves. Chunks may be cut anywhere; only the field in progress is carried over to the next one.
 *
 * Why not a library: µDSV, the fastest of the streaming ones we looked at, takes decoded strings and makes a string of every
 * field, has no line numbers, trusts its input (an unclosed quote or a missing field is not an error), wants line breaks in
 * quotes to match the file's, and compiles its row reader with `new Function`, which strict browser pages forbid.
 */
export class DelimitedText {
  readonly #source: string
  readonly #quotes: boolean
  readonly #sink: RowSink
  /** 0 for ordinary bytes, 1 for those that may end an unquoted field. */
  readonly #stops: Uint8Array = new Uint8Array(256)
  readonly #first: number
  readonly #second: number
  readonly #third: number
  #carry: Uint8Array = NOTHING
  #begun = false
  #column = 0
  #lineBreaksInRow = 0
  #line = 1

  constructor(options: DelimitedTextOptions, sink: RowSink) {
    const { source, delimiter, quotes } = options
    this.#source = source
    this.#quotes = quotes
    this.#sink = sink
    const blank = delimiter === 'blank'
    this.#first = blank ? SPACE : delimiter.charCodeAt(0)
    this.#second = blank ? TAB : this.#first
    this.#third = delimiter === '::' ? this.#first : -1
    for (const byte of [this.#first, this.#second, LINE_FEED]) this.#stops[byte] = 1
  }

  /** 1-based line on which the present row began; during `endRow`, the row that ends. */
  get line(): number {
    return this.#line
  }

  push(chunk: Uint8Array): void {
    if (this.#carry.length === 0) {
      this.#scan(chunk, false)
      return
    }
    const joined = new Uint8Array(this.#carry.length + chunk.length)
    joined.set(this.#carry)
    joined.set(chunk, this.#carry.length)
    this.#scan(joined, false)
  }

  /** There is no more: the last field and row end here. */
  end(): void {
    this.#scan(this.#carry, true)
  }

  #scan(bytes: Uint8Array, last: boolean): void {
    let start = 0
    if (!this.#begun) {
      if (bytes.length < 3 && !last) return this.#keep(bytes)
      start = this.#skipMark(bytes)
      this.#begun = true
    }
    for (;;) {
      // At the file's end an open row has one more field, an empty one.
      if (start >= bytes.length && !(last && this.#column > 0)) break
      const next =
        this.#quotes && bytes[start] === QUOTE ? this.#quoted(bytes, start, last) : this.#unquoted(bytes, start, last)
      if (next < 0) return this.#keep(bytes.subarray(start))
      start = next
    }
    this.#carry = NOTHING
  }

  /** Emits the unquoted field that begins at `start`; returns where the next one begins, or −1 if more bytes are needed. */
  #unquoted(bytes: Uint8Array, start: number, last: boolean): number {
    const stops = this.#stops
    let stop = start
    for (;;) {
      while (stop < bytes.length && stops[bytes[stop]!] === 0) stop++
      if (stop === bytes.length) {
        if (!last) return -1
        break
      }
      if (this.#third < 0 || bytes[stop] === LINE_FEED) break
      if (stop + 1 === bytes.length && !last) return -1
      if (bytes[stop + 1] === this.#third) break
      stop++
    }
    let end = stop
    const endsLine = stop === bytes.length || bytes[stop] === LINE_FEED
    if (endsLine && end > start && bytes[end - 1] === CARRIAGE_RETURN) end--
    let begin = start
    while (begin < end && isBlank(bytes[begin]!)) begin++
    while (end > begin && isBlank(bytes[end - 1]!)) end--
    if (endsLine && this.#column === 0 && begin === end) {
      this.#sink.blankLine()
      this.#nextLine()
      return stop + 1
    }
    this.#sink.field(bytes, begin, end, this.#column++)
    return this.#after(bytes, stop)
  }

  /** The same for a field whose quote opens at `start`. */
  #quoted(bytes: Uint8Array, start: number, last: boolean): number {
    let close = start + 1
    let doubled = 0
    let lineBreaks = 0
    for (; ; close++) {
      if (close >= bytes.length) {
        if (last)
          this.#fail('a quote is opened in this row and never closed; expected a closing " before the file ends')
        return -1
      }
      if (bytes[close] === LINE_FEED) lineBreaks++
      if (bytes[close] !== QUOTE) continue
      if (close + 1 >= bytes.length && !last) return -1
      if (bytes[close + 1] !== QUOTE) break
      doubled++
      close++
    }
    let stop = close + 1
    if (bytes[stop] === CARRIAGE_RETURN) {
      if (stop + 1 === bytes.length && !last) return -1
      stop++
    }
    // With '::' the quotes are off, so one byte tells.
    if (stop < bytes.length && this.#stops[bytes[stop]!] === 0) {
      this.#fail(
        'a closing quote is followed by more text; expected a delimiter, or the quote doubled ("") inside a field',
      )
    }
    this.#lineBreaksInRow += lineBreaks
    if (doubled === 0) this.#sink.field(bytes, start + 1, close, this.#column++)
    else {
      const text = withoutDoubledQuotes(bytes, start + 1, close, doubled)
      this.#sink.field(text, 0, text.length, this.#column++)
    }
    return this.#after(bytes, stop)
  }

  /** Ends the row where `stop` is a line's or the file's end; returns where the next field begins. */
  #after(bytes: Uint8Array, stop: number): number {
    if (stop < bytes.length && bytes[stop] !== LINE_FEED) return stop + (this.#third < 0 ? 1 : 2)
    this.#sink.endRow(this.#column)
    this.#nextLine()
    return stop + 1
  }

  #nextLine(): void {
    this.#line += 1 + this.#lineBreaksInRow
    this.#lineBreaksInRow = 0
    this.#column = 0
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length > LONGEST_FIELD) {
      this.#fail(
        bytes[0] === QUOTE && this.#quotes
          ? 'a quote is opened in this row and not closed within 1 MiB; expected a closing "'
          : 'a field is longer than 1 MiB; expected a text table with short fields',
      )
    }
    // A copy: the chunk belongs to whoever pushed it.
    this.#carry = bytes.slice()
  }

  /** Passes over a UTF-8 byte order mark; refuses UTF-16, which would come out as ids with gaps. */
  #skipMark(bytes: Uint8Array): number {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      this.#fail('the file is UTF-16; expected UTF-8: save it as UTF-8 first')
    }
    return 0
  }

  #fail(problem: string): never {
    throw new DataFormatError({ source: this.#source, line: this.#line }, problem)
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

function withoutDoubledQuotes(bytes: Uint8Array, start: number, end: number, doubled: number): Uint8Array {
  const text = new Uint8Array(end - start - doubled)
  let at = 0
  for (let p = start; p < end; p++) {
    text[at++] = bytes[p]!
    if (bytes[p] === QUOTE) p++
  }
  return text
}
