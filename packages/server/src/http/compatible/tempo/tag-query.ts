import type { Field, Literal } from "@clew/protocol/traceql/ast";
import type { IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import { printField, printLiteral } from "@clew/protocol/traceql/print";
import { InvalidParameter } from "../../http-errors.ts";
import type { DurationBounds } from "../query-values.ts";

/** Each is a condition on every span. */
const MOST_TAGS = 10;
const NOWHERE = { start: 0, end: 0 };

/** Tags that are no attributes. */
const INTRINSICS: Readonly<Record<string, IntrinsicName>> = {
  name: "span:name",
  "root.name": "trace:rootName",
  "root.service.name": "trace:rootService",
};

/**
 * The TraceQL query for a search by tags: one span has them all, each with a value that contains the text in any case,
 * and its trace took so long. Throws `InvalidParameter`.
 */
export function tagQuery(tags: ReadonlyMap<string, string>, bounds: DurationBounds): string {
  if (tags.size > MOST_TAGS)
    throw new InvalidParameter("tags", `has ${tags.size} tags; at most ${MOST_TAGS} are allowed`);
  const conditions = [...tags].map(([key, value]) => tagCondition(key, value));
  const { minDurationNs, maxDurationNs } = bounds;
  const duration = (nanos: bigint) =>
    printLiteral({ kind: "literal", type: "duration", value: nanos, ...NOWHERE });
  if (minDurationNs !== undefined) conditions.push(`trace:duration >= ${duration(minDurationNs)}`);
  if (maxDurationNs !== undefined) conditions.push(`trace:duration <= ${duration(maxDurationNs)}`);
  return `{ ${conditions.join(" && ")} }`;
}

function tagCondition(key: string, value: string): string {
  const status = key === "error" && value === "true" ? "error" : key === "status.code" ? value : undefined;
  if (status === "error" || status === "ok" || status === "unset") return `span:status = ${status}`;
  const field = printField(fieldOf(key));
  const ways = [`${field} =~ ${textOf(`(?is).*${escaped(value)}.*`)}`];
  if (/^-?\d{1,18}$/.test(value) || value === "true" || value === "false") {
    // What is no text contains nothing.
    if (!(key in INTRINSICS)) ways.push(`${field} = ${value}`);
  }
  return ways.length === 1 ? ways[0]! : `(${ways.join(" || ")})`;
}

function fieldOf(key: string): Field {
  const name = Object.hasOwn(INTRINSICS, key) ? INTRINSICS[key] : undefined;
  if (name !== undefined) return { kind: "intrinsic", name, ofParent: false, ...NOWHERE };
  return { kind: "attribute", scope: "any", name: key, ofParent: false, ...NOWHERE };
}

function textOf(value: string): string {
  return printLiteral({ kind: "literal", type: "string", value, ...NOWHERE } satisfies Literal);
}

function escaped(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
