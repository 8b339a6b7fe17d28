import type { Field } from "@clew/protocol/traceql/ast";
import { INTRINSICS, type IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import type { ValuesField } from "../../../query/compatible/field-values.ts";
import { InvalidParameter } from "../../http-errors.ts";

/** Nobody asks for these by hand. */
const UNLISTED = /^nestedSet|^parent$/;

/** Names of all intrinsics, those without a scope included, sorted. */
export const INTRINSIC_TAGS: readonly string[] = Object.entries(INTRINSICS)
  .flatMap(([name, info]) => ("alias" in info ? [name, info.alias] : [name]))
  .filter((name, index, all) => !UNLISTED.test(name) && all.indexOf(name) === index)
  .sort();

/**
 * The field that a tag's name stands for: a TraceQL identifier, or an attribute's plain name. In a URL it may be
 * encoded twice. Throws `InvalidParameter`.
 */
export function tagField(text: string): ValuesField {
  const name = decodedAgain(text);
  const field = identifier(name) ?? (/^[\w.:/-]+$/.test(name) ? identifier(`."${name}"`) : undefined);
  if (field === undefined || field.ofParent)
    throw new InvalidParameter("tag", `is ${JSON.stringify(name.slice(0, 100))}, which names no field`);
  if (field.kind === "intrinsic") return { kind: "intrinsic", name: field.name };
  const level = field.scope === "instrumentation" ? "scope" : field.scope;
  return { kind: "attribute", level, key: field.name };
}

/** The field that an attribute's plain name stands for: one of the span or its resource, or an intrinsic. */
export function plainTagField(text: string): ValuesField {
  const key = decodedAgain(text);
  const name = intrinsicOf(key);
  return name === undefined ? { kind: "attribute", level: "any", key } : { kind: "intrinsic", name };
}

function intrinsicOf(text: string): IntrinsicName | undefined {
  const found = Object.entries(INTRINSICS).find(
    ([name, info]) => name === text || ("alias" in info && info.alias === text),
  );
  return found?.[0] as IntrinsicName | undefined;
}

/** The text as the only field of a `select`; undefined when it is more or less than one. */
function identifier(text: string): Field | undefined {
  try {
    const query = parse(`{ } | select(${text})`);
    if (query.kind !== "search" || query.hints.length > 0) return undefined;
    const [, select, ...others] = query.pipeline.stages;
    if (select?.kind !== "select" || others.length > 0 || select.fields.length !== 1) return undefined;
    return select.fields[0];
  } catch (error) {
    if (error instanceof TraceQlError) return undefined;
    throw error;
  }
}

function decodedAgain(text: string): string {
  try {
    return /%[0-9a-f]{2}/i.test(text) ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
