import { Bytes } from "../native/bytes.ts";
import { type LowCardinalityColumn, MapColumn, StringColumn } from "../native/columns.ts";
import { viewOf } from "../native/same-bytes.ts";
import { Wire, WireError } from "../wire.ts";
import { anyValueText, doubleText, int64Text } from "./any-value-text.ts";
import type { KeyTable } from "./key-table.ts";
import type { Slots } from "./slots.ts";
import type { Ranges } from "./span-scanner.ts";
import type { TextCache } from "./text-cache.ts";

/** Strings longer than this are read, not filtered, and stay out of the indexed map. */
const LONG_STRING = 1024;
const UPPER = ~32;

const CODE_S = 115;
const CODE_I = 105;
const CODE_D = 100;
const CODE_B = 98;
const CODE_N = 110;
const CODE_P = 112;

/** The key under which an attribute that cannot be read is kept, as base64 of its bytes. */
const DAMAGED_KEY: Buffer = Buffer.from("clew.damaged_attribute");

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
      index = this.#column.indexOf(this.#keys.info(id).text);
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
  /** The request that is being read, and a view of it. */
  #viewed: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#viewed);

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
    if (buf !== this.#viewed) {
      this.#viewed = buf;
      this.#view = viewOf(buf);
    }
    for (let i = 0; i < ranges.count; i++) {
      try {
        this.#add(buf, ranges.starts[i]!, ranges.ends[i]!, slots);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#place(this.#damagedKey(), false, CODE_P).string(
          buf.toString("base64", ranges.starts[i], ranges.ends[i]),
        );
      }
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

  #add(buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    // What every SDK writes: key, then value, both shorter than 128 bytes, and nothing else.
    const keyLength = buf[start + 1]!;
    const separator = start + 2 + keyLength;
    const valueLength = buf[separator + 1]!;
    const isPlain = buf[start] === 10 && buf[separator] === 18 && keyLength < 128 && valueLength < 128;
    if (isPlain && separator + 2 + valueLength === end) {
      this.#write(buf, start + 2, separator, separator + 2, end, slots);
    } else this.#addAny(buf, start, end, slots);
  }

  /** A KeyValue with its fields in any order, repeated or missing. */
  #addAny(buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
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
    this.#write(buf, keyStart, keyEnd, valueStart, valueEnd, slots);
  }

  #write(
    buf: Buffer,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    slots: Slots | undefined,
  ): void {
    const id = this.#keys.following(this.#previousKey, buf, this.#view, keyStart, keyEnd);
    this.#previousKey = id;
    const info = this.#keys.info(id);
    // A string, the usual case: one tag, one length, and the rest is the text.
    if (valueEnd - valueStart >= 2 && buf[valueStart] === 10) {
      const wire = this.#wire;
      wire.buf = buf;
      wire.pos = valueStart + 1;
      const textEnd = wire.enter(valueEnd);
      if (textEnd === valueEnd) {
        const textStart = wire.pos;
        const out = this.#place(id, info.content || textEnd - textStart > LONG_STRING, CODE_S);
        out.stringFrom(this.#view, textStart, textEnd);
        if (slots !== undefined && info.rules.length > 0)
          this.#offer(
            info.rules,
            slots,
            info.presenceOnly ? "set" : this.#texts.textOf(id, buf, this.#view, textStart, textEnd),
          );
        return;
      }
    }
    this.#addOther(id, buf, valueStart, valueEnd, slots);
  }

  #endRow(): void {
    this.attributes.offsets.row(this.#attributeCount);
    this.content?.offsets.row(this.#contentCount);
    this.types.data.stringBytes(this.#codes.buf, 0, this.#codes.length);
    this.#codes.length = 0;
    this.#previousKey = -1;
    this.#attributeCount = 0;
    this.#contentCount = 0;
  }

  #damagedKey(): number {
    return this.#keys.id(DAMAGED_KEY, 0, DAMAGED_KEY.length);
  }

  #addOther(id: number, buf: Buffer, start: number, end: number, slots: Slots | undefined): void {
    const info = this.#keys.info(id);
    let code = CODE_N;
    let text = "";
    const scalar = start < 0 || start === end ? undefined : this.#scalar(buf, start, end);
    if (scalar !== undefined) {
      code = scalar;
      text = this.#scalarText;
    } else if (start >= 0 && start !== end) {
      const value = anyValueText(buf, start, end);
      code = value.code.charCodeAt(0);
      text = value.text;
    }
    const long = info.content || text.length > LONG_STRING;
    this.#place(id, long, code).string(text);
    if (slots !== undefined && info.rules.length > 0) this.#offer(info.rules, slots, text);
  }

  #scalarText = "";

  /** Code of a lone int, double or bool, its text in `#scalarText`; undefined for everything else. */
  #scalar(buf: Buffer, start: number, end: number): number | undefined {
    const wire = this.#wire;
    const tag = buf[start];
    if (tag === 33) {
      if (end - start !== 9) return undefined;
      this.#scalarText = doubleText(buf.readDoubleLE(start + 1));
      return CODE_D;
    }
    if (tag !== 24 && tag !== 16) return undefined;
    wire.buf = buf;
    wire.pos = start + 1;
    wire.varint64(end);
    if (wire.pos !== end) return undefined;
    if (tag === 24) {
      this.#scalarText = int64Text(wire.hi, wire.lo);
      return CODE_I;
    }
    this.#scalarText = wire.lo === 0 && wire.hi === 0 ? "false" : "true";
    return CODE_B;
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

  #offer(rules: readonly number[], slots: Slots, text: string): void {
    for (let i = 0; i < rules.length; i += 2) slots.offer(rules[i]!, rules[i + 1]!, text);
  }
}
