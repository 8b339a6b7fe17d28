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

export interface KeyInfo {
  readonly text: string;
  /** Value goes to the `content` map of spans and logs. */
  readonly content: boolean;
  /** Pairs of slot and rank that this key can fill; empty for most keys. */
  readonly rules: readonly number[];
  /** Only whether the value is there matters, and no two are alike: it need not be decoded. */
  readonly presenceOnly: boolean;
  /** A cell per level and type: whether it was seen and reported. */
  readonly seen: Uint8Array;
  /** The key that came after this one the last time; -1 when none did. */
  successor: number;
}

export interface SeenKey {
  readonly level: Level;
  readonly key: string;
  readonly type: string;
}

/** More distinct keys than this and the table starts anew: somebody puts data into keys. */
const MAX_KEYS = 65_536;

/** What is known of every attribute key, looked up by its bytes. Lives as long as the worker. */
export class KeyTable {
  readonly #ids = new Interner();
  #infos: KeyInfo[] = [];
  #fresh: SeenKey[] = [];
  #first = -1;

  /**
   * Id of a key that comes after the key `previous`, -1 for none: keys mostly come in the same order, and
   * comparing with the one expected is cheaper than a look-up. `view` shows the bytes of `src`.
   */
  following(previous: number, src: Uint8Array, view: DataView, start: number, end: number): number {
    const guess = previous < 0 ? this.#first : this.#infos[previous]!.successor;
    if (guess >= 0 && this.#ids.is(guess, view, start, end)) return guess;
    const id = this.id(src, start, end);
    if (previous < 0) this.#first = id;
    else this.#infos[previous]!.successor = id;
    return id;
  }

  id(src: Uint8Array, start: number, end: number): number {
    const id = this.#ids.intern(src, start, end);
    if (id === this.#infos.length) this.#learn(id);
    return id;
  }

  info(id: number): KeyInfo {
    return this.#infos[id]!;
  }

  /** Notes that the key was seen at a level with a type (a character of `attribute_types`). */
  note(id: number, level: number, code: number): void {
    const seen = this.#infos[id]!.seen;
    const cell = level * 32 + (code & 31);
    if (seen[cell] !== 0) return;
    seen[cell] = 1;
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
    for (const info of this.#infos) info.seen.fill(0);
  }

  /** Between blocks: drops everything if there are too many keys. */
  bound(): void {
    if (this.#infos.length <= MAX_KEYS) return;
    this.#ids.reset();
    this.#infos = [];
    this.#first = -1;
  }

  #learn(id: number): void {
    const text = this.#ids.text(id);
    const rules = ATTRIBUTE_RULES.filter((rule) => rule.key === text);
    this.#infos.push({
      text,
      content: contentKey(text),
      rules: rules.flatMap((rule) => [rule.slot, rule.rank]),
      presenceOnly: rules.length > 0 && rules.every((rule) => rule.slot === SLOT.toolCallId),
      seen: new Uint8Array(LEVELS.length * 32),
      successor: -1,
    });
  }
}

export const SPAN_LEVEL = 0;
export const EVENT_LEVEL = 1;
export const LINK_LEVEL = 2;
export const LOG_LEVEL = 3;
export const RESOURCE_LEVEL = 4;
export const SCOPE_LEVEL = 5;
export const METRIC_LEVEL = 6;
