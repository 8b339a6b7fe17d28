import type { Field } from "../traceql/ast.ts";
import { isNameSign, readName } from "../traceql/attribute-name.ts";
import { readToken } from "../traceql/lexer.ts";
import { nearestWord } from "../traceql/nearest-word.ts";
import type { Token, WordToken } from "../traceql/token.ts";
import { TraceQlError } from "../traceql/traceql-error.ts";
import { asField, isIntrinsic, LOG_INTRINSIC_ENTRIES, LOG_SCOPES, type LogField } from "./log-field.ts";
import { SEVERITIES, type SeverityName } from "./severity.ts";

const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const INTRINSIC_SCOPES = [...new Set(LOG_INTRINSIC_ENTRIES.map(([name]) => name.split(":")[0]!))];
const ALIASES = new Map(
  LOG_INTRINSIC_ENTRIES.flatMap(([name, { alias }]) => (alias === undefined ? [] : [[alias, name] as const])),
);
/** Words that the parser of TraceQL reads by itself and that mean the same here. */
const VALUES = new Set(["true", "false", "nil", "minInt", "maxInt"]);
const OPERATORS: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!" };
/** First parts of names that OpenTelemetry gives to resources. */
const OF_RESOURCES = new Set("service deployment k8s cloud host process telemetry container os".split(" "));

/** The token of a filter of logs that starts at or behind `from`. */
export function readLogToken(text: string, from: number): Token {
  const token = readToken(text, from, readScoped);
  return token.kind === "word" ? readWord(token) : token;
}

function readWord(token: WordToken): Token {
  const { text, start, end } = token;
  if (VALUES.has(text)) return token;
  const intrinsic = ALIASES.get(text);
  if (intrinsic !== undefined) return fieldToken(text, { kind: "intrinsic", name: intrinsic, start, end });
  const severity = text.toLowerCase();
  if ((SEVERITIES as readonly string[]).includes(severity)) {
    return fieldToken(text, {
      kind: "intrinsic",
      name: `severity:${severity as SeverityName}`,
      start,
      end,
    });
  }
  throw new TraceQlError({
    start,
    end,
    message: `"${shortened(text)}" is no field and no value of log records`,
    found: `"${shortened(text)}"`,
    expected: ["a field", "a value"],
    suggestion: OPERATORS[severity] ?? instead(text),
  });
}

function fieldToken(text: string, field: LogField): Token {
  return { kind: "field", field: asField(field), text, start: field.start, end: field.end };
}

function instead(word: string): string {
  const sameName = LOG_INTRINSIC_ENTRIES.find(([name]) => lastPart(name) === word.toLowerCase())?.[0];
  return sameName ?? nearestWord(word, [...ALIASES.keys(), ...SEVERITIES, ...VALUES]) ?? `log.${word}`;
}

function lastPart(name: string): string {
  return name.slice(name.indexOf(":") + 1).toLowerCase();
}

/** Reads the field that the word from `start` to `end` is the scope of; undefined when it stands alone. */
function readScoped(text: string, start: number, end: number): Field | undefined {
  const scope = text.slice(start, end);
  if (text[end] === ":") return asField(readIntrinsic(text, start, scope, end + 1));
  if (text[end] !== ".") return undefined;
  const known = LOG_SCOPES.find((one) => one === scope);
  if (known === undefined) throw unknownScope(text, start, scope);
  const { name, end: nameEnd } = readName(text, end + 1);
  if (nameEnd === end + 1) {
    const found = nameEnd < text.length ? `"${text[nameEnd]}"` : "the end of the query";
    throw new TraceQlError({
      start,
      end: nameEnd,
      message: `expected the name of an attribute right after "${scope}.", found ${found}`,
      found,
      expected: ["the name of an attribute"],
    });
  }
  return asField({ kind: "attribute", scope: known, name, start, end: nameEnd });
}

function readIntrinsic(text: string, start: number, scope: string, nameStart: number): LogField {
  WORD.lastIndex = nameStart;
  const word = WORD.exec(text)?.[0] ?? "";
  const end = nameStart + word.length;
  const written = text.slice(start, end);
  if (isIntrinsic(written)) return { kind: "intrinsic", name: written, start, end };
  const names = LOG_INTRINSIC_ENTRIES.map(([name]) => name);
  const expected = names.filter((name) => name.startsWith(`${scope}:`));
  const sameName = names.find((name) => lastPart(name) === word.toLowerCase());
  const isScope = expected.length > 0;
  const message = !isScope
    ? `there is no scope ${shortened(scope)}: of log records`
    : word === ""
      ? `expected a name right after "${written}"`
      : `there is no ${shortened(written)}`;
  throw new TraceQlError({
    start,
    end,
    message,
    found: written,
    expected: isScope ? expected : INTRINSIC_SCOPES.map((one) => `${one}:`),
    suggestion: sameName ?? nearestWord(written, isScope ? expected : names),
  });
}

function unknownScope(text: string, start: number, scope: string): TraceQlError {
  let end = start;
  while (end < text.length && isNameSign(text[end]!)) end += 1;
  const written = text.slice(start, end);
  const near = scope === "span" ? "log" : nearestWord(scope, LOG_SCOPES);
  return new TraceQlError({
    start,
    end,
    message: `there is no scope ${shortened(scope)}. of log records`,
    found: written,
    expected: LOG_SCOPES.map((one) => `${one}.`),
    suggestion: shortened(
      near === undefined
        ? `${OF_RESOURCES.has(scope) ? "resource" : "log"}.${written}`
        : near + written.slice(scope.length),
    ),
  });
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
