const UTF8 = new TextDecoder();
/** Of a column with a dictionary: that its blocks have their own words, and no dictionary of the whole answer. */
const OWN_WORDS = 0x200n;
const SHARED_WORDS = 0x100n;

/** A column of texts as indexes into its distinct texts; index 0 is the empty text. */
export interface TextColumn {
  readonly texts: readonly string[];
  readonly indexes: Uint32Array;
}

/** A column of lists: those of row i end before `ends[i]`. */
export interface ListColumn {
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

type Piece =
  | { readonly kind: "fixed"; readonly bytes: Uint8Array }
  | { readonly kind: "text"; readonly words: readonly string[]; readonly indexes: Uint32Array }
  | { readonly kind: "list"; readonly ends: Uint32Array; readonly bytes: Uint8Array };

const WIDTHS: Readonly<Record<string, number>> = { UInt8: 1, UInt32: 4, UInt64: 8, Int64: 8, Float64: 8 };

/**
 * An answer of the store in its Native format: columns of numbers, of ids (`FixedString`), of texts with a dictionary
 * (`LowCardinality(String)`) and of lists of ids, as they lie there, without an object for each row.
 */
export class NativeTable {
  readonly rows: number;
  readonly #pieces = new Map<string, Piece[]>();

  /** Throws for a type of column that is none of the above. */
  constructor(bytes: Uint8Array) {
    const reader = new NativeReader(bytes);
    let rows = 0;
    while (!reader.isAtEnd) {
      const columns = reader.varint();
      const count = reader.varint();
      for (let column = 0; column < columns; column++) {
        const name = reader.text();
        const piece = reader.column(reader.text(), count);
        const pieces = this.#pieces.get(name);
        if (pieces === undefined) this.#pieces.set(name, [piece]);
        else pieces.push(piece);
      }
      rows += count;
    }
    this.rows = rows;
  }

  /** The bytes of a column of values of one width, in a buffer of their own. */
  fixed(name: string): Uint8Array<ArrayBuffer> {
    return joined((this.#pieces.get(name) ?? []).map((piece) => (piece as { bytes: Uint8Array }).bytes));
  }

  numbers(name: string): Float64Array {
    return new Float64Array(this.fixed(name).buffer);
  }

  /** Whole numbers of 64 bits, exact to 2^53. */
  integers(name: string): Float64Array {
    const words = this.words(name);
    const values = new Float64Array(words.length / 2);
    for (let row = 0; row < values.length; row++) {
      values[row] = (words[2 * row + 1]! | 0) * 2 ** 32 + words[2 * row]!;
    }
    return values;
  }

  /** 64 bits as two words each, the lower first. */
  words(name: string): Uint32Array {
    return new Uint32Array(this.fixed(name).buffer);
  }

  texts(name: string): TextColumn {
    const known = new Map([["", 0]]);
    const indexes = new Uint32Array(this.rows);
    let at = 0;
    for (const piece of this.#pieces.get(name) ?? []) {
      if (piece.kind !== "text") throw new TypeError(`${name} has no texts`);
      const place = piece.words.map((word) => {
        const index = known.get(word) ?? known.size;
        known.set(word, index);
        return index;
      });
      for (let row = 0; row < piece.indexes.length; row++) indexes[at++] = place[piece.indexes[row]!]!;
    }
    return { texts: [...known.keys()], indexes };
  }

  lists(name: string): ListColumn {
    const ends = new Uint32Array(this.rows);
    const bytes: Uint8Array[] = [];
    let at = 0;
    let before = 0;
    for (const piece of this.#pieces.get(name) ?? []) {
      if (piece.kind !== "list") throw new TypeError(`${name} has no lists`);
      for (let row = 0; row < piece.ends.length; row++) ends[at++] = before + piece.ends[row]!;
      before = at === 0 ? 0 : ends[at - 1]!;
      bytes.push(piece.bytes);
    }
    return { ends, bytes: joined(bytes) };
  }
}

/** Copied, so that it begins where every type of array may. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

class NativeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#view.getUint8(this.#at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text(): string {
    return UTF8.decode(this.#take(this.varint()));
  }

  column(type: string, rows: number): Piece {
    const fixed = /^FixedString\((\d+)\)$/.exec(type);
    const width = fixed === null ? WIDTHS[type] : Number(fixed[1]);
    if (width !== undefined) return { kind: "fixed", bytes: this.#take(rows * width) };
    if (type === "LowCardinality(String)") return this.#words(rows);
    const list = /^Array\(FixedString\((\d+)\)\)$/.exec(type);
    if (list === null) throw new TypeError(`Columns of type ${type} cannot be read`);
    // No list of one answer is so long that the upper half of its end counts.
    const words = new Uint32Array(new Uint8Array(this.#take(8 * rows)).buffer);
    const ends = words.filter((_, at) => at % 2 === 0);
    return { kind: "list", ends, bytes: this.#take((ends.at(-1) ?? 0) * Number(list[1])) };
  }

  #words(rows: number): Piece {
    if (rows === 0) return { kind: "text", words: [], indexes: new Uint32Array(0) };
    this.#uint64();
    const flags = this.#uint64();
    if ((flags & (OWN_WORDS | SHARED_WORDS)) !== OWN_WORDS) throw new TypeError("A dictionary is missing");
    const words = Array.from({ length: Number(this.#uint64()) }, () => this.text());
    const count = Number(this.#uint64());
    const width = 2 ** Number(flags & 255n);
    const bytes = new Uint8Array(this.#take(count * width)).buffer;
    const indexes =
      width === 1 ? new Uint8Array(bytes) : width === 2 ? new Uint16Array(bytes) : new Uint32Array(bytes);
    return { kind: "text", words, indexes: new Uint32Array(indexes) };
  }

  #uint64(): bigint {
    const value = this.#view.getBigUint64(this.#at, true);
    this.#at += 8;
    return value;
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError("The answer ends too early");
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}
