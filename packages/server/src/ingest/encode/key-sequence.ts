import { sameBytes } from "../native/words.ts";
import { CONTENT, HAS_RULES, type KeyTable, PRESENCE_ONLY } from "./key-table.ts";

/** A sequence ends after this many attributes and another one begins. */
export const MAX_DEPTH = 64;
/** More steps than this after one, or in all, and they are forgotten: somebody puts data into keys. */
const MAX_CHILDREN = 64;
const MAX_STEPS = 4096;

/** Makes a type's character lower or upper case: that of a value in the content is upper. */
const LOWER = 32;

/** What the writer of attributes needs to know of a key with a value of some kind. */
interface Plan {
  /** Id in the key table; -1 where a sequence begins. */
  readonly key: number;
  /** The character for `attribute_types`. */
  readonly code: number;
  readonly toContent: boolean;
  /** Pairs of slot and rank that the value is offered to; undefined for most keys. */
  readonly rules: readonly number[] | undefined;
  /** Only whether the value is there matters, and no two are alike: it need not be decoded. */
  readonly presenceOnly: boolean;
}

const NO_PLAN: Plan = { key: -1, code: 0, toContent: false, rules: undefined, presenceOnly: false };

/** What all steps of a sequence together add to a row. */
interface Run {
  /** Type characters; can be read in words of eight. */
  readonly codes: DataView;
  readonly attributeKeys: Int32Array;
  readonly contentKeys: Int32Array;
}

/**
 * A key with a kind of value, after certain others: rows of one origin have the same keys in the same order,
 * so what comes next is mostly what came next the last time, and one comparison says all about it.
 */
export class Step implements Plan {
  readonly key: number;
  readonly code: number;
  readonly toContent: boolean;
  readonly rules: readonly number[] | undefined;
  readonly presenceOnly: boolean;
  /** How many attributes the sequence has up to here. */
  readonly depth: number;
  readonly #before: Step | undefined;
  readonly #kind: number;
  readonly #keyWords: DataView;
  readonly #keyLength: number;
  #next: Step | undefined;
  #children: Step[] = [];
  #run: Run | undefined;

  constructor(before: Step | undefined, keyBytes: Uint8Array, kind: number, plan: Plan) {
    this.key = plan.key;
    this.code = plan.code;
    this.toContent = plan.toContent;
    this.rules = plan.rules;
    this.presenceOnly = plan.presenceOnly;
    this.depth = before === undefined ? 0 : before.depth + 1;
    this.#before = before;
    this.#kind = kind;
    this.#keyWords = new DataView(Uint8Array.from(keyBytes).buffer);
    this.#keyLength = keyBytes.length;
  }

  /** The step from here with this kind and the key that a view from `wordsOf` shows; undefined the first time. */
  to(view: DataView, at: number, n: number, kind: number): Step | undefined {
    const next = this.#next;
    if (next === undefined) return undefined;
    if (next.#is(view, at, n, kind)) return next;
    for (const child of this.#children) {
      if (!child.#is(view, at, n, kind)) continue;
      this.#next = child;
      return child;
    }
    return undefined;
  }

  add(child: Step): void {
    if (this.#children.length === MAX_CHILDREN) this.#children = [];
    this.#children.push(child);
    this.#next = child;
  }

  /** Made when it is asked for first, for most steps are never the last of a row. */
  get run(): Run {
    this.#run ??= runOf(this.#all());
    return this.#run;
  }

  #is(view: DataView, at: number, n: number, kind: number): boolean {
    return this.#keyLength === n && this.#kind === kind && sameBytes(this.#keyWords, 0, view, at, n);
  }

  #all(): Step[] {
    return this.#before === undefined ? [] : [...this.#before.#all(), this];
  }
}

function runOf(steps: readonly Step[]): Run {
  const codes = new Uint8Array(MAX_DEPTH);
  codes.set(steps.map((step) => step.code));
  const keysOf = (toContent: boolean) =>
    Int32Array.from(steps.filter((step) => step.toContent === toContent).map((step) => step.key));
  return { codes: new DataView(codes.buffer), attributeKeys: keysOf(false), contentKeys: keysOf(true) };
}

/** Which keys follow which in the attributes of one column of a table: a tree of steps. */
export class KeySequences {
  readonly #keys: KeyTable;
  readonly #level: number;
  readonly #hasContent: boolean;
  #root = newRoot();
  #count = 0;
  #age = 0;

  constructor(keys: KeyTable, level: number, hasContent: boolean) {
    this.#keys = keys;
    this.#level = level;
    this.#hasContent = hasContent;
  }

  /** Where a sequence begins. */
  get start(): Step {
    if (this.#age !== this.#keys.age || this.#count > MAX_STEPS) {
      this.#root = newRoot();
      this.#count = 0;
      this.#age = this.#keys.age;
    }
    return this.#root;
  }

  /**
   * The step from `before` to a key that never came there with this kind of value: a type's character, in upper
   * case when the value is too long for the attributes.
   */
  learn(before: Step, keyBytes: Uint8Array, kind: number): Step {
    const keys = this.#keys;
    const key = keys.id(keyBytes, 0, keyBytes.length);
    const traits = keys.traits[key]!;
    const type = kind | LOWER;
    const toContent = this.#hasContent && (kind !== type || (traits & CONTENT) !== 0);
    keys.note(key, this.#level, type);
    const step = new Step(before, keyBytes, kind, {
      key,
      code: toContent ? type & ~LOWER : type,
      toContent,
      rules: (traits & HAS_RULES) !== 0 ? keys.rules(key) : undefined,
      presenceOnly: (traits & PRESENCE_ONLY) !== 0,
    });
    before.add(step);
    this.#count++;
    return step;
  }
}

function newRoot(): Step {
  return new Step(undefined, new Uint8Array(0), 0, NO_PLAN);
}
