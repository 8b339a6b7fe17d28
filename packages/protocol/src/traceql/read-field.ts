import type { Attribute, AttributeScope, Field } from "./ast.ts";
import { isNameSign, readName } from "./attribute-name.ts";
import { nearestWord } from "./nearest-word.ts";
import {
  ATTRIBUTE_SCOPES,
  INTRINSIC_ENTRIES,
  INTRINSIC_SCOPES,
  intrinsicNamed,
  parentIntrinsic,
} from "./scopes.ts";
import { TraceQlError } from "./traceql-error.ts";

const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
/** First parts of names that OpenTelemetry gives to resources. */
const OF_RESOURCES = new Set(
  "service deployment k8s cloud host process telemetry container os faas aws device".split(" "),
);

/** Reads a field that starts with a dot at `start`. */
export function readUnscoped(text: string, start: number): Attribute {
  return attribute(text, start, start + 1, "any", false);
}

/**
 * Reads the field that the word from `start` to `end` is the scope of; undefined when neither a dot nor a colon
 * follows, so that the word stands alone.
 */
export function readScoped(text: string, start: number, end: number): Field | undefined {
  const word = text.slice(start, end);
  if (text[end] === ":") return scopedIntrinsic(text, start, word, end + 1);
  if (text[end] !== ".") return undefined;
  if (word === "parent") return ofParent(text, start, end + 1);
  if (!isAttributeScope(word)) throw unknownScope(text, start, word);
  return attribute(text, start, end + 1, word, false);
}

function isAttributeScope(word: string): word is AttributeScope {
  return (ATTRIBUTE_SCOPES as readonly string[]).includes(word);
}

function attribute(
  text: string,
  start: number,
  nameStart: number,
  scope: Attribute["scope"],
  parent: boolean,
): Attribute {
  const { name, end } = readName(text, nameStart);
  if (end === nameStart) {
    const found = end < text.length ? `"${text[end]}"` : "the end of the query";
    const message = `expected the name of an attribute right after "${text.slice(start, nameStart)}", found ${found}`;
    throw new TraceQlError({ start, end: nameStart, message, found, expected: ["the name of an attribute"] });
  }
  return { kind: "attribute", scope, ofParent: parent, name, start, end };
}

function ofParent(text: string, start: number, nameStart: number): Field {
  const { name, quoted, end } = readName(text, nameStart);
  const intrinsic = quoted ? undefined : parentIntrinsic(name);
  if (intrinsic !== undefined) return { kind: "intrinsic", name: intrinsic, ofParent: true, start, end };
  for (const scope of ["span", "resource"] as const) {
    if (text.startsWith(`${scope}.`, nameStart)) {
      return attribute(text, start, nameStart + scope.length + 1, scope, true);
    }
  }
  return attribute(text, start, nameStart, "any", true);
}

function scopedIntrinsic(text: string, start: number, scope: string, nameStart: number): Field {
  WORD.lastIndex = nameStart;
  const word = WORD.exec(text)?.[0] ?? "";
  const end = nameStart + word.length;
  const name = intrinsicNamed(`${scope}:${word}`);
  if (name !== undefined) return { kind: "intrinsic", name, ofParent: false, start, end };
  const written = text.slice(start, end);
  const expected = INTRINSIC_ENTRIES.map(([known]) => known).filter((known) => known.startsWith(`${scope}:`));
  if (expected.length > 0) {
    const message = word === "" ? `expected a name right after "${written}"` : `there is no ${written}`;
    throw new TraceQlError({
      start,
      end,
      message,
      found: written,
      expected,
      suggestion: sameNameElsewhere(word) ?? nearestWord(written, expected),
    });
  }
  const near = nearestWord(scope, INTRINSIC_SCOPES);
  const suggestion = near === undefined ? undefined : intrinsicNamed(`${near}:${word}`);
  const message = `there is no scope ${scope}:`;
  const scopes = INTRINSIC_SCOPES.map((known) => `${known}:`);
  throw new TraceQlError({ start, end, message, found: written, expected: scopes, suggestion });
}

function sameNameElsewhere(word: string): string | undefined {
  return INTRINSIC_ENTRIES.find(([known]) => known.endsWith(`:${word}`))?.[0];
}

function unknownScope(text: string, start: number, word: string): TraceQlError {
  let end = start;
  while (end < text.length && isNameSign(text[end]!)) end += 1;
  const written = text.slice(start, end);
  const near = nearestWord(word, [...ATTRIBUTE_SCOPES, "parent"]);
  const suggestion =
    near === undefined
      ? `${OF_RESOURCES.has(word) ? "resource" : "span"}.${written}`
      : near + written.slice(word.length);
  return new TraceQlError({
    start,
    end,
    message: `"${written}" has no scope`,
    found: written,
    expected: [...ATTRIBUTE_SCOPES, "parent"].map((scope) => `${scope}.`),
    suggestion,
  });
}
