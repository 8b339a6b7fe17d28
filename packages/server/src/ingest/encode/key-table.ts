import { Interner } from "../native/interner.ts";
import { contentKey } from "../understand/content-keys.ts";
import { ATTRIBUTE_RULES } from "../understand/keys.ts";
import { SLOT } from "../understand/slot.ts";

/** Where attributes stand; the level of a row in `attribute_keys`. */
export type Level = "span" | "event" | "link" | "log" | "resource" | "scope" | "metric";

const LEVELS: readonly Level[] = ["span", "event", "link", "log", "resource", "scope", "metric"];

/** Types as `attribute_keys` names them, by the characters of `attribute_types`. */
const TYPES: readonly (readonly [string, string])[] = [
  ["s", "string"],
  ["i", "int"],
  ["d", "double"],
  ["b", "bool"],
  ["x", "bytes"],
  ["a", "array"],
  ["m", "map"],
  ["n", "empty"],
  ["p", "map"],
];

/** What the writers of attributes need to know of a key; bits of `KeyTable.traits`. */
export const CONTENT = 1;
export const HAS_RULES = 2;
/** Only whether the value is there matters, and no two are alike: it need not be decoded. */
export const PRESENCE_ONLY = 4;

interface KeyInfo {
  readonly text: string;
  /** Pairs of slot and rank that this key can fill; empty for most keys. */
  readonly rules: readonly number[];
}

export interface SeenKey {
  readonly level: Level;
  readonly key: string;
  readonly type: string;
}

/** More distinct keys than this and the table starts anew: somebody puts data into keys. */
const MAX_KEYS = 65_536;

/** Levels are a power of two apart in `#seen`. */
const LEVEL_BITS = 3;

/** What is known of every attribute key, looked up by its bytes. Lives as long as the worker. */
export class KeyTable {
  readonly #ids = new Interner();
  #infos: KeyInfo[] = [];
  #fresh: SeenKey[] = [];
  /** By id and level, a bit for each type with which the key was reported. */
  #seen = new Int32Array(256 << LEVEL_BITS);
  /** Changes when ids or what is noted of them begin anew. */
  age = 0;
  /** By id: `CONTENT` (the value goes to the `content` map of spans and logs), `HAS_RULES`, `PRESENCE_ONLY`. */
  traits = new Uint8Array(256);

  id(src: Uint8Array, start: number, end: number): number {
    const id = this.#ids.intern(src, start, end);
    if (id === this.#infos.length) this.#learn(id);
    return id;
  }

  text(id: number): string {
    return this.#infos[id]!.text;
  }

  /** Pairs of slot and rank. */
  rules(id: number): readonly number[] {
    return this.#infos[id]!.rules;
  }

  /** Notes that the key was seen at a level with a type (a character of `attribute_types`). */
  note(id: number, level: number, code: number): void {
    const cell = (id << LEVEL_BITS) + level;
    const bit = 1 << (code & 31);
    if ((this.#seen[cell]! & bit) !== 0) return;
    this.#seen[cell]! |= bit;
    const type = TYPES.find(([character]) => (character.charCodeAt(0) & 31) === (code & 31))?.[1];
    if (type !== undefined) this.#fresh.push({ level: LEVELS[level]!, key: this.#infos[id]!.text, type });
  }

  /** Keys first seen since the last call. */
  takeFresh(): SeenKey[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** Makes every key count as new again, so that each day has its own rows. Call between blocks only. */
  forget(): void {
    this.#seen.fill(0);
    this.age++;
  }

  /** Between blocks: drops everything if there are too many keys. */
  bound(): void {
    if (this.#infos.length <= MAX_KEYS) return;
    this.#ids.reset();
    this.#infos = [];
    this.#seen.fill(0);
    this.age++;
  }

  #learn(id: number): void {
    const text = this.#ids.text(id);
    const rules = ATTRIBUTE_RULES.filter((rule) => rule.key === text);
    this.#infos.push({ text, rules: rules.flatMap((rule) => [rule.slot, rule.rank]) });
    if (id >= this.traits.length) this.#grow();
    const presenceOnly = rules.length > 0 && rules.every((rule) => rule.slot === SLOT.toolCallId);
    this.traits[id] =
      (contentKey(text) ? CONTENT : 0) |
      (rules.length > 0 ? HAS_RULES : 0) |
      (presenceOnly ? PRESENCE_ONLY : 0);
  }

  #grow(): void {
    const { traits } = this;
    this.traits = new Uint8Array(traits.length * 2);
    this.traits.set(traits);
    const seen = this.#seen;
    this.#seen = new Int32Array(seen.length * 2);
    this.#seen.set(seen);
  }
}

export const SPAN_LEVEL = 0;
export const EVENT_LEVEL = 1;
export const LINK_LEVEL = 2;
export const LOG_LEVEL = 3;
export const RESOURCE_LEVEL = 4;
export const SCOPE_LEVEL = 5;
export const METRIC_LEVEL = 6;
