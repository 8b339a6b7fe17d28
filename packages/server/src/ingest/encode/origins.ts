import { createHash } from "node:crypto";
import {
  type Column,
  FixedColumn,
  LowCardinalityColumn,
  MapColumn,
  StringColumn,
} from "../native/columns.ts";
import { hashOf, wordsOf } from "../native/words.ts";
import { Wire, WireError } from "../wire.ts";
import { anyValueText } from "./any-value-text.ts";
import { type KeyTable, RESOURCE_LEVEL, SCOPE_LEVEL } from "./key-table.ts";

/** A resource or scope as the rows of its spans refer to it. */
export interface Origin {
  /** Halves of the 64-bit id: the start of a SHA-256 over the message and its schema URL. */
  readonly idLo: number;
  readonly idHi: number;
  /** `service.name` of a resource, '' if it has none; the name of a scope. */
  readonly name: string;
  /** Pairs of slot and text that attributes of a resource fill for all its records. */
  readonly slots: readonly (readonly [slot: number, rank: number, text: string])[];
}

const CACHE = 2048;
/** Ids known to be stored; beyond this many they are written again, which costs space, not truth. */
const MAX_KNOWN = 100_000;
const EMPTY = Buffer.alloc(0);

interface Cached {
  readonly body: Buffer;
  readonly url: Buffer;
  readonly origin: Origin;
}

/** Byte range of a field in a request; an absent one is empty. */
export interface Range {
  start: number;
  end: number;
}

/**
 * Resources or scopes of a worker: gives each distinct one its id, and collects the rows of those not yet
 * stored on this day. Requests of one process repeat the same bytes, which one comparison recognises.
 */
export class Origins {
  readonly columns: Record<string, Column>;
  readonly #isResource: boolean;
  readonly #keys: KeyTable;
  readonly #cache: (Cached | undefined)[] = new Array(CACHE);
  readonly #wire = new Wire();
  readonly #resourceSlot: (key: string) => readonly number[];
  #known = new Set<string>();
  /** Ids of rows in the open block, known as stored once the block is. */
  #pending: string[] = [];
  rows = 0;

  readonly #day = new FixedColumn("Date", 2, 64);
  readonly #id = new FixedColumn("UInt64", 8, 256);
  readonly #name = new LowCardinalityColumn();
  readonly #version = new LowCardinalityColumn();
  readonly #attributes = new MapColumn(1 << 12);
  readonly #url = new StringColumn(256);
  readonly #raw = new StringColumn(1 << 12);

  constructor(kind: "resource" | "scope", keys: KeyTable, resourceSlot: (key: string) => readonly number[]) {
    this.#isResource = kind === "resource";
    this.#keys = keys;
    this.#resourceSlot = resourceSlot;
    const shared = { received_day: this.#day, schema_url: this.#url, raw: this.#raw };
    this.columns = this.#isResource
      ? { ...shared, resource_id: this.#id, service_name: this.#name, attributes: this.#attributes }
      : { ...shared, scope_id: this.#id, name: this.#name, version: this.#version };
  }

  /** The origin with these bytes; its row joins the open block when it was not stored since `forget`. */
  find(buf: Buffer, body: Range, url: Range, day: number): Origin {
    const view = wordsOf(buf);
    const hash = hashOf(view, body.start, body.end - body.start);
    const slot = (hash ^ hashOf(view, url.start, url.end - url.start)) & (CACHE - 1);
    const cached = this.#cache[slot];
    if (cached !== undefined && equal(cached.body, buf, body) && equal(cached.url, buf, url)) {
      return cached.origin;
    }
    const entry = this.#read(buf, body, url, day);
    this.#cache[slot] = entry;
    return entry.origin;
  }

  /** Empties the open block, whose rows count as stored from now on: an insert is repeated until it succeeds. */
  stored(): void {
    for (const id of this.#pending) this.#known.add(id);
    this.#pending = [];
    for (const column of Object.values(this.columns)) column.reset();
    this.rows = 0;
    if (this.#known.size > MAX_KNOWN) this.forget();
  }

  /** Forgets what is stored, because a new day's partition begins. */
  forget(): void {
    this.#known = new Set();
    this.#cache.fill(undefined);
  }

  #read(buf: Buffer, body: Range, url: Range, day: number): Cached {
    const bytes = body.start === body.end ? EMPTY : Buffer.from(buf.subarray(body.start, body.end));
    const urlBytes = url.start === url.end ? EMPTY : Buffer.from(buf.subarray(url.start, url.end));
    const digest = createHash("sha256").update(bytes).update("\0").update(urlBytes).digest();
    const id = digest.toString("hex", 0, 8);
    const isNew = !this.#known.has(id) && !this.#pending.includes(id);
    const { name, version, attributes, slots } = this.#parse(bytes);
    if (isNew) {
      this.#day.data.u8(day & 255);
      this.#day.data.u8(day >>> 8);
      this.#id.data.u64(digest.readUInt32LE(0), digest.readUInt32LE(4));
      this.#name.string(name);
      this.#url.data.stringBytes(urlBytes, 0, urlBytes.length);
      this.#raw.data.stringBytes(bytes, 0, bytes.length);
      if (this.#isResource) {
        for (const [key, value] of attributes) {
          this.#attributes.keys.string(key);
          this.#attributes.values.data.string(value);
        }
        this.#attributes.offsets.row(attributes.length);
      } else this.#version.string(version);
      this.rows++;
      this.#pending.push(id);
    }
    const origin = { idLo: digest.readUInt32LE(0), idHi: digest.readUInt32LE(4), name, slots };
    return { body: bytes, url: urlBytes, origin };
  }

  /** Reads as far as the bytes make sense; `raw` keeps all of them anyway. */
  #parse(bytes: Buffer) {
    const wire = this.#wire;
    const result = {
      name: "",
      version: "",
      attributes: [] as [string, string][],
      slots: [] as [number, number, string][],
    };
    wire.reset(bytes, 0);
    try {
      while (wire.pos < bytes.length) {
        const tag = wire.tag(bytes.length);
        const isAttribute = this.#isResource ? tag === 10 : tag === 26;
        if (isAttribute) this.#attribute(bytes, wire.enter(bytes.length), result);
        else if (!this.#isResource && (tag === 10 || tag === 18)) {
          const end = wire.enter(bytes.length);
          const text = bytes.toString("utf8", wire.pos, end);
          if (tag === 10) result.name = text;
          else result.version = text;
          wire.pos = end;
        } else wire.skip(tag & 7, bytes.length);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    return result;
  }

  #attribute(
    bytes: Buffer,
    end: number,
    into: { name: string; attributes: [string, string][]; slots: [number, number, string][] },
  ): void {
    const wire = this.#wire;
    let key = "";
    let code = "n";
    let text = "";
    const keyStart = wire.pos;
    let keyRange: Range = { start: keyStart, end: keyStart };
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag !== 10 && tag !== 18) {
        wire.skip(tag & 7, end);
        continue;
      }
      const fieldEnd = wire.enter(end);
      if (tag === 10) {
        keyRange = { start: wire.pos, end: fieldEnd };
        key = bytes.toString("utf8", wire.pos, fieldEnd);
      } else ({ code, text } = anyValueText(bytes, wire.pos, fieldEnd));
      wire.pos = fieldEnd;
    }
    const id = this.#keys.id(bytes, keyRange.start, keyRange.end);
    this.#keys.note(id, this.#isResource ? RESOURCE_LEVEL : SCOPE_LEVEL, code.charCodeAt(0));
    into.attributes.push([key, text]);
    if (!this.#isResource) return;
    if (key === "service.name") into.name = text;
    const rules = this.#resourceSlot(key);
    for (let i = 0; i < rules.length; i += 2) into.slots.push([rules[i]!, rules[i + 1]!, text]);
  }
}

function equal(known: Buffer, buf: Buffer, range: Range): boolean {
  const length = range.end - range.start;
  return (
    known.length === length && (length === 0 || buf.compare(known, 0, length, range.start, range.end) === 0)
  );
}
