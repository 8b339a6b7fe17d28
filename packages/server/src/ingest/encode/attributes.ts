import { Bytes } from "../native/bytes.ts";
import { type LowCardinalityColumn, MapColumn, StringColumn } from "../native/columns.ts";
import { wordsOf } from "../native/words.ts";
import { Wire, WireError } from "../wire.ts";
import { KeySequences, MAX_DEPTH, type Step } from "./key-sequence.ts";
import type { KeyTable } from "./key-table.ts";
import type { Slots } from "./slots.ts";
import type { Ranges } from "./span-scanner.ts";
import type { TextCache } from "./text-cache.ts";
import { ValueReader } from "./value-reader.ts";

/** Strings longer than this are read, not filtered, and stay out of the indexed map. */
const LONG_STRING = 1024;
/** Makes the kind of a value that is too long for the attributes. */
const LONG = ~32;

const CODE_S = 115;
const CODE_I = 105;
const CODE_P = 112;

/** The key under which an attribute that cannot be read is kept, as base64 of its bytes. */
const DAMAGED_KEY: Buffer = Buffer.from("clew.damaged_attribute");

const DAMAGED_VIEW = wordsOf(DAMAGED_KEY);

const VALUES = new ValueReader();

/** What all attribute writers of one worker share. */
export interface AttributeContext {
  readonly keys: KeyTable;
  readonly texts: TextCache;
}

/** A LowCardinality dictionary that is fed with ids of the key table instead of bytes. */
class KeyDictionary {
  readonly #column: LowCardinalityColumn;
  readonly #keys: KeyTable;
  #indexes = new Int32Array(256);

  constructor(column: LowCardinalityColumn, keys: KeyTable) {
    this.#column = column;
    this.#keys = keys;
  }

  push(id: number): void {
    if (id >= this.#indexes.length) {
      const grown = new Int32Array(Math.max(this.#indexes.length * 2, id + 1));
      grown.set(this.#indexes);
      this.#indexes = grown;
    }
    let index = this.#indexes[id]! - 1;
    if (index < 0) {
      index = this.#column.indexOf(this.#keys.text(id));
      this.#indexes[id] = index + 1;
    }
    this.#column.push(index);
  }

  reset(): void {
    this.#indexes.fill(0);
  }
}

/**
 * The columns `attributes`, `content` (where there is one) and `attribute_types` of a table, written straight
 * from the bytes of `repeated KeyValue`. Damaged values are kept as bytes, so nothing that arrived is lost.
 */
export class AttributeColumns {
  readonly attributes = new MapColumn(1 << 20);
  readonly content: MapColumn | undefined;
  readonly types = new StringColumn();
  readonly #sequences: KeySequences;
  readonly #texts: TextCache;
  readonly #attributeKeys: KeyDictionary;
  readonly #contentKeys: KeyDictionary | undefined;
  /** Where the values go. */
  readonly #values: Bytes;
  readonly #contentValues: Bytes | undefined;
  /** The row's keys and types up to here; those of sequences that ended are in the columns and in `#codes`. */
  #step: Step;
  readonly #codes = new Bytes(64);
  readonly #wire = new Wire();
  #attributeCount = 0;
  #contentCount = 0;
  #view = wordsOf(Buffer.alloc(0));

  constructor(context: AttributeContext, level: number, hasContent: boolean) {
    this.#texts = context.texts;
    this.#sequences = new KeySequences(context.keys, level, hasContent);
    this.#step = this.#sequences.start;
    this.#values = this.attributes.values.data;
    this.#attributeKeys = new KeyDictionary(this.attributes.keys, context.keys);
    if (hasContent) {
      this.content = new MapColumn(1 << 20);
      this.#contentValues = this.content.values.data;
      this.#contentKeys = new KeyDictionary(this.content.keys, context.keys);
    }
  }

  /** One row: every KeyValue in `ranges`; values of keys with rules are offered to `slots`. */
  row(buf: Buffer, ranges: Ranges, slots: Slots | undefined): void {
    this.#view = wordsOf(buf);
    this.#step = this.#sequences.start;
    const { starts, ends, count } = ranges;
    for (let i = 0; i < count; i++) {
      const start = starts[i]!;
      const end = ends[i]!;
      // What every SDK writes: key, then value, both shorter than 128 bytes, and nothing else.
      const keyLength = buf[start + 1]!;
      const separator = start + 2 + keyLength;
      const valueLength = end - separator - 2;
      if (
        buf[start] === 10 &&
        keyLength < 128 &&
        valueLength > 1 &&
        valueLength < 128 &&
        buf[separator] === 18 &&
        buf[separator + 1] === valueLength
      )
        this.#addPlain(buf, start + 2, keyLength, separator + 2, valueLength, slots);
      else this.#addAny(buf, start, end, slots);
      if (this.#step.depth === MAX_DEPTH) this.#endSequence();
    }
    this.#endRow();
  }

  /** Rows without attributes. */
  emptyRows(rows: number): void {
    this.attributes.offsets.empty(rows);
    this.content?.offsets.empty(rows);
    this.types.empty(rows);
  }

  /** Call when the columns were reset: dictionaries begin anew with each block. */
  resetDictionaries(): void {
    this.#attributeKeys.reset();
    this.#contentKeys?.reset();
  }

  /** A key and a value of less than 128 bytes: most often a string or a small integer. */
  #addPlain(
    buf: Buffer,
    keyAt: number,
    keyLength: number,
    at: number,
    length: number,
    slots: Slots | undefined,
  ): void {
    const tag = buf[at];
    const isText = tag === 10 && buf[at + 1] === length - 2;
    if (!isText && !(tag === 24 && isShortVarint(buf, at + 1, length - 1))) {
      this.#addAny(buf, keyAt - 2, at + length, slots);
      return;
    }
    const view = this.#view;
    const step = this.#stepTo(buf, view, keyAt, keyLength, isText ? CODE_S : CODE_I);
    const out = this.#valuesAt(step);
    const rules = slots === undefined ? undefined : step.rules;
    if (isText) {
      // Length and text stand there as the Native format has them.
      out.copyWords(view, at + 1, length - 1);
      if (rules === undefined) return;
      const text = step.presenceOnly ? "set" : this.#texts.textOf(step.key, buf, view, at + 2, length - 2);
      slots!.offerAll(rules, text);
    } else {
      let value = buf[at + 1]! & 127;
      if (length > 2) value |= (buf[at + 2]! & 127) << 7;
      if (length > 3) value |= buf[at + 3]! << 14;
      out.decimal(value);
      if (rules !== undefined) slots!.offerAll(rules, value);
    }
  }

  /** A KeyValue with its fields in any order, repeated or missing; one that cannot be read is kept as bytes. */
  #addAny(buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    try {
      this.#readAny(buf, start, end, slots);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const step = this.#stepTo(DAMAGED_KEY, DAMAGED_VIEW, 0, DAMAGED_KEY.length, CODE_P);
      this.#valuesAt(step).string(buf.toString("base64", start, end));
    }
  }

  #readAny(buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    const wire = this.#wire;
    wire.reset(buf, start);
    let keyStart = start;
    let keyEnd = start;
    let valueStart = -1;
    let valueEnd = -1;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 10) {
        keyEnd = wire.enter(end);
        keyStart = wire.pos;
        wire.pos = keyEnd;
      } else if (tag === 18) {
        valueEnd = wire.enter(end);
        valueStart = wire.pos;
        wire.pos = valueEnd;
      } else wire.skip(tag & 7, end);
    }
    this.#addValue(buf, keyStart, keyEnd - keyStart, valueStart, valueEnd, slots);
  }

  #addValue(
    buf: Buffer,
    keyAt: number,
    keyLength: number,
    start: number,
    end: number,
    slots: Slots | undefined,
  ): void {
    const view = this.#view;
    // A string: one tag, one length, and the rest is the text.
    if (end - start >= 2 && buf[start] === 10) {
      const wire = this.#wire;
      wire.reset(buf, start + 1);
      const textEnd = wire.enter(end);
      if (textEnd === end) {
        const at = wire.pos;
        const n = end - at;
        const step = this.#stepTo(buf, view, keyAt, keyLength, n > LONG_STRING ? CODE_S & LONG : CODE_S);
        this.#valuesAt(step).stringWords(view, at, n);
        if (slots === undefined || step.rules === undefined) return;
        const text = step.presenceOnly ? "set" : this.#texts.textOf(step.key, buf, view, at, n);
        slots.offerAll(step.rules, text);
        return;
      }
    }
    VALUES.read(buf, view, start, end);
    const { code, text } = VALUES;
    const step = this.#stepTo(buf, view, keyAt, keyLength, text.length > LONG_STRING ? code & LONG : code);
    this.#valuesAt(step).string(text);
    if (slots !== undefined && step.rules !== undefined) slots.offerAll(step.rules, text);
  }

  #stepTo(src: Buffer, view: DataView, at: number, n: number, kind: number): Step {
    const before = this.#step;
    const step =
      before.to(view, at, n, kind) ?? this.#sequences.learn(before, src.subarray(at, at + n), kind);
    this.#step = step;
    return step;
  }

  #valuesAt(step: Step): Bytes {
    return step.toContent ? this.#contentValues! : this.#values;
  }

  /** Writes keys and types of the steps since the last call. */
  #endSequence(): void {
    const { depth, run } = this.#step;
    const { attributeKeys, contentKeys } = run;
    this.#codes.copyWords(run.codes, 0, depth);
    for (let i = 0; i < attributeKeys.length; i++) this.#attributeKeys.push(attributeKeys[i]!);
    for (let i = 0; i < contentKeys.length; i++) this.#contentKeys!.push(contentKeys[i]!);
    this.#attributeCount += attributeKeys.length;
    this.#contentCount += contentKeys.length;
    this.#step = this.#sequences.start;
  }

  #endRow(): void {
    this.#endSequence();
    this.attributes.offsets.row(this.#attributeCount);
    this.content?.offsets.row(this.#contentCount);
    this.types.data.stringWords(this.#codes.words, 0, this.#codes.length);
    this.#codes.length = 0;
    this.#attributeCount = 0;
    this.#contentCount = 0;
  }
}

/** Whether `n` bytes are a whole varint of one to three bytes, as counts and ports are. */
function isShortVarint(buf: Buffer, at: number, n: number): boolean {
  if (n > 3 || buf[at + n - 1]! > 127) return false;
  return (n < 2 || buf[at]! > 127) && (n < 3 || buf[at + 1]! > 127);
}
