import { Bytes } from "../native/bytes.ts";
import { type LowCardinalityColumn, MapColumn, StringColumn } from "../native/columns.ts";
import { wordsOf } from "../native/words.ts";
import { Wire, WireError } from "../wire.ts";
import { CONTENT, HAS_RULES, type KeyTable, PRESENCE_ONLY } from "./key-table.ts";
import type { Slots } from "./slots.ts";
import type { Ranges } from "./span-scanner.ts";
import type { TextCache } from "./text-cache.ts";
import { ValueReader } from "./value-reader.ts";

/** Strings longer than this are read, not filtered, and stay out of the indexed map. */
const LONG_STRING = 1024;
const UPPER = ~32;

const CODE_S = 115;
const CODE_I = 105;
const CODE_P = 112;

/** The key under which an attribute that cannot be read is kept, as base64 of its bytes. */
const DAMAGED_KEY: Buffer = Buffer.from("clew.damaged_attribute");

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
  readonly #level: number;
  readonly #keys: KeyTable;
  readonly #texts: TextCache;
  readonly #attributeKeys: KeyDictionary;
  readonly #contentKeys: KeyDictionary | undefined;
  readonly #codes = new Bytes(64);
  readonly #wire = new Wire();
  #attributeCount = 0;
  #contentCount = 0;
  #previousKey = -1;
  #view = wordsOf(Buffer.alloc(0));

  constructor(context: AttributeContext, level: number, hasContent: boolean) {
    this.#keys = context.keys;
    this.#texts = context.texts;
    this.#level = level;
    this.#attributeKeys = new KeyDictionary(this.attributes.keys, context.keys);
    if (hasContent) {
      this.content = new MapColumn(1 << 20);
      this.#contentKeys = new KeyDictionary(this.content.keys, context.keys);
    }
  }

  /** One row: every KeyValue in `ranges`; values of keys with rules are offered to `slots`. */
  row(buf: Buffer, ranges: Ranges, slots: Slots | undefined): void {
    this.#view = wordsOf(buf);
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
    const keys = this.#keys;
    const id = keys.following(this.#previousKey, buf, view, keyAt, keyLength);
    this.#previousKey = id;
    const traits = keys.traits[id]!;
    const hasRules = (traits & HAS_RULES) !== 0 && slots !== undefined;
    const out = this.#place(id, (traits & CONTENT) !== 0, isText ? CODE_S : CODE_I);
    if (isText) {
      // Length and text stand there as the Native format has them.
      out.copyWords(view, at + 1, length - 1);
      if (!hasRules) return;
      const isPresence = (traits & PRESENCE_ONLY) !== 0;
      const text = isPresence ? "set" : this.#texts.textOf(id, buf, view, at + 2, length - 2);
      slots.offerAll(keys.rules(id), text);
    } else {
      let value = buf[at + 1]! & 127;
      if (length > 2) value |= (buf[at + 2]! & 127) << 7;
      if (length > 3) value |= buf[at + 3]! << 14;
      out.decimal(value);
      if (hasRules) slots.offerAll(keys.rules(id), String(value));
    }
  }

  /** A KeyValue with its fields in any order, repeated or missing; one that cannot be read is kept as bytes. */
  #addAny(buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    try {
      this.#readAny(buf, start, end, slots);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#place(this.#damagedKey(), false, CODE_P).string(buf.toString("base64", start, end));
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
    const id = this.#keys.following(this.#previousKey, buf, this.#view, keyStart, keyEnd - keyStart);
    this.#previousKey = id;
    this.#addValue(id, buf, valueStart, valueEnd, slots);
  }

  #addValue(id: number, buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    const traits = this.#keys.traits[id]!;
    const isContent = (traits & CONTENT) !== 0;
    const hasRules = (traits & HAS_RULES) !== 0 && slots !== undefined;
    // A string: one tag, one length, and the rest is the text.
    if (end - start >= 2 && buf[start] === 10) {
      const wire = this.#wire;
      wire.reset(buf, start + 1);
      const textEnd = wire.enter(end);
      if (textEnd === end) {
        const at = wire.pos;
        const out = this.#place(id, isContent || end - at > LONG_STRING, CODE_S);
        out.stringWords(this.#view, at, end - at);
        if (!hasRules) return;
        const isPresence = (traits & PRESENCE_ONLY) !== 0;
        const text = isPresence ? "set" : this.#texts.textOf(id, buf, this.#view, at, end - at);
        slots.offerAll(this.#keys.rules(id), text);
        return;
      }
    }
    VALUES.read(buf, this.#view, start, end);
    const { code, text } = VALUES;
    this.#place(id, isContent || text.length > LONG_STRING, code).string(text);
    if (hasRules) slots.offerAll(this.#keys.rules(id), text);
  }

  #endRow(): void {
    this.attributes.offsets.row(this.#attributeCount);
    this.content?.offsets.row(this.#contentCount);
    this.types.data.stringWords(this.#codes.words, 0, this.#codes.length);
    this.#codes.length = 0;
    this.#previousKey = -1;
    this.#attributeCount = 0;
    this.#contentCount = 0;
  }

  #damagedKey(): number {
    return this.#keys.id(DAMAGED_KEY, 0, DAMAGED_KEY.length);
  }

  #place(id: number, toContent: boolean, code: number): Bytes {
    this.#keys.note(id, this.#level, code);
    if (toContent && this.content !== undefined) {
      this.#codes.u8(code & UPPER);
      this.#contentKeys!.push(id);
      this.#contentCount++;
      return this.content.values.data;
    }
    this.#codes.u8(code);
    this.#attributeKeys.push(id);
    this.#attributeCount++;
    return this.attributes.values.data;
  }
}

/** Whether `n` bytes are a whole varint of one to three bytes, as counts and ports are. */
function isShortVarint(buf: Buffer, at: number, n: number): boolean {
  if (n > 3 || buf[at + n - 1]! > 127) return false;
  return (n < 2 || buf[at]! > 127) && (n < 3 || buf[at + 1]! > 127);
}
