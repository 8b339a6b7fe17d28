import { charClass, codePoint, perlClass, readEscape } from "./re2-class.ts";
import { Re2Error } from "./re2-error.ts";
import { Re2Reader } from "./re2-reader.ts";

const MAX_REPEAT = 1_000;
const MAX_DEPTH = 250;

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
}

/** A part of the expression in JavaScript, and how often the repeats in it multiply to. */
interface Piece {
  readonly source: string;
  readonly repeats: number;
}

/**
 * What is wrong with a regular expression of RE2, which has neither look-around nor references back; undefined when
 * nothing is.
 */
export function findRe2Fault(pattern: string): string | undefined {
  try {
    new Translator(pattern).translate();
    return undefined;
  } catch (error) {
    if (error instanceof Re2Error) return error.message;
    throw error;
  }
}

/**
 * The same as an expression of JavaScript that has to match a whole text, as TraceQL's do; `.` takes line breaks too.
 * Unlike RE2 it may take long for some expressions.
 */
export function re2ToRegExp(pattern: string): RegExp {
  return new RegExp(`^(?:${new Translator(pattern).translate()})$`, "u");
}

class Translator {
  readonly #reader: Re2Reader;
  readonly #names = new Set<string>();
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: true, lazy: false };
  #depth = 0;

  constructor(pattern: string) {
    this.#reader = new Re2Reader(pattern);
  }

  translate(): string {
    const { source } = this.#alternation();
    if (!this.#reader.atEnd()) throw new Re2Error("unexpected )");
    return source;
  }

  #alternation(): Piece {
    if (++this.#depth > MAX_DEPTH) throw new Re2Error("too many groups within each other");
    const outer = this.#flags;
    const branches = [this.#branch()];
    while (this.#reader.take("|")) branches.push(this.#branch());
    this.#flags = outer;
    this.#depth -= 1;
    const repeats = Math.max(...branches.map((branch) => branch.repeats));
    return { source: branches.map(({ source }) => source).join("|"), repeats };
  }

  #branch(): Piece {
    let source = "";
    let repeats = 1;
    while (!this.#reader.atEnd() && !this.#reader.at("|") && !this.#reader.at(")")) {
      const piece = this.#repeated();
      source += piece.source;
      repeats = Math.max(repeats, piece.repeats);
    }
    return { source, repeats };
  }

  #repeated(): Piece {
    if (this.#quantifier() !== undefined) throw new Re2Error("missing argument to a repetition");
    const atom = this.#atom();
    if (atom === undefined) return { source: "", repeats: 1 };
    const quantifier = this.#quantifier();
    if (quantifier === undefined) return atom;
    const asksLazy = this.#reader.take("?");
    if (this.#quantifier() !== undefined)
      throw new Re2Error("a repetition of a repetition needs parentheses");
    const repeats = atom.repeats * Math.max(quantifier.most, 1);
    if (repeats > MAX_REPEAT) throw new Re2Error(`more than ${MAX_REPEAT} repetitions`);
    const lazy = asksLazy !== this.#flags.lazy ? "?" : "";
    return { source: `(?:${atom.source})${quantifier.source}${lazy}`, repeats };
  }

  /** `most` is the number written, 1 for an endless repetition. A brace that is no repetition is a letter. */
  #quantifier(): { readonly source: string; readonly most: number } | undefined {
    for (const sign of ["*", "+", "?"]) if (this.#reader.take(sign)) return { source: sign, most: 1 };
    const found = this.#reader.takeMatch(/\{(\d+)(?:(,)(\d*))?\}/y);
    if (found === undefined) return undefined;
    const least = Number(found[1]);
    const most = found[3] ? Number(found[3]) : least;
    if (Math.max(least, most) > MAX_REPEAT || most < least)
      throw new Re2Error(`invalid repeat count ${found[0]}`);
    return { source: found[0], most };
  }

  /** Undefined for what stands for nothing, such as a change of flags. */
  #atom(): Piece | undefined {
    const reader = this.#reader;
    if (reader.take("(")) return this.#group();
    if (reader.take("[")) return this.#cased(charClass(reader));
    if (reader.take(".")) return plain(this.#flags.dotAll ? "[^]" : "[^\\n]");
    if (reader.take("^")) return plain(this.#flags.multiline ? "(?<![^\\n])" : "(?<![^])");
    if (reader.take("$")) return plain(this.#flags.multiline ? "(?![^\\n])" : "(?![^])");
    if (!reader.take("\\")) return this.#cased(codePoint(reader.next().codePointAt(0)!));
    if (reader.take("A")) return plain("(?<![^])");
    if (reader.take("z")) return plain("(?![^])");
    if (reader.take("b")) return plain("\\b");
    if (reader.take("B")) return plain("\\B");
    const shorthand = perlClass(reader);
    if (shorthand !== undefined) return this.#cased(`[${shorthand}]`);
    return this.#cased(codePoint(readEscape(reader)));
  }

  #group(): Piece | undefined {
    const reader = this.#reader;
    let flags = this.#flags;
    if (reader.take("?")) {
      const named = reader.takeMatch(/P?<([^>]*)>/y);
      if (named !== undefined) this.#name(named[1]!);
      else {
        const found = reader.takeMatch(/([imsU]*)(?:-([imsU]+))?([:)])/y);
        if (found === undefined || found[0] === ")") throw new Re2Error("unknown kind of group (?");
        flags = changed(changed(flags, found[1]!, true), found[2] ?? "", false);
        if (found[3] === ")") {
          this.#flags = flags;
          return undefined;
        }
      }
    }
    const outer = this.#flags;
    this.#flags = flags;
    const { source, repeats } = this.#alternation();
    this.#flags = outer;
    if (!reader.take(")")) throw new Re2Error("missing closing )");
    return { source: `(?:${source})`, repeats };
  }

  #name(name: string): void {
    if (!/^\w+$/.test(name)) throw new Re2Error("invalid name of a group");
    if (this.#names.has(name)) throw new Re2Error(`two groups are called ${name}`);
    this.#names.add(name);
  }

  #cased(source: string): Piece {
    return plain(this.#flags.ignoreCase ? `(?i:${source})` : source);
  }
}

function plain(source: string): Piece {
  return { source, repeats: 1 };
}

function changed(flags: Flags, letters: string, value: boolean): Flags {
  return {
    ignoreCase: letters.includes("i") ? value : flags.ignoreCase,
    multiline: letters.includes("m") ? value : flags.multiline,
    dotAll: letters.includes("s") ? value : flags.dotAll,
    lazy: letters.includes("U") ? value : flags.lazy,
  };
}
