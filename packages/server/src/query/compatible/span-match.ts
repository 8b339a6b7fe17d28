import { OUTGOING_NAMES, REMOTE_NAMES } from "@clew/protocol/zipkin/zipkin-endpoints";
import type { Store } from "../../store/store.ts";
import { hasAttribute } from "../filter.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { anyOf, fragment, type Parameters, type SqlFragment, statement } from "../sql.ts";

/** What must hold for one span. */
export interface SpanMatch {
  /** Empty for spans of no service. */
  readonly service?: string;
  readonly name?: string;
  /** Service at the other end. */
  readonly remoteService?: string;
  /** Whether names are compared without regard to upper and lower case. */
  readonly ignoreCase?: boolean;
  readonly minDurationNs?: bigint;
  readonly maxDurationNs?: bigint;
  /** As OTLP numbers them. */
  readonly kind?: number;
  readonly status?: number;
  readonly tags?: readonly TagMatch[];
}

/** A tag with its value, or a word: the name of an event, or the key of a tag. */
export type TagMatch = TagValue | { readonly word: string };

export interface TagValue {
  readonly key: string;
  readonly value: string;
  /** An attribute of the span, of its resource, or of either; without it also what APIs write as tags. */
  readonly level?: "span" | "resource" | "either";
}

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const STATUSES = ["UNSET", "OK", "ERROR"];

/** Conditions on a row of `spans`. `resourceIds` are of the resources that have the tag, for each tag. */
export function spanMatchConditions(
  match: SpanMatch,
  resourceIds: readonly (readonly bigint[])[],
  parameters: Parameters,
): SqlFragment[] {
  const { service, name, remoteService, minDurationNs, maxDurationNs, ignoreCase = false } = match;
  const found: SqlFragment[] = [];
  const named = (column: SqlFragment, text: string | undefined) => {
    if (text === undefined) return;
    const value = parameters.bind("String", text);
    found.push(
      ignoreCase
        ? fragment`lowerUTF8(toString(${column})) = lowerUTF8(${value})`
        : fragment`${column} = ${value}`,
    );
  };
  named(fragment`service_name`, service);
  named(fragment`spans.name`, name);
  if (remoteService !== undefined) named(remoteName(parameters), remoteService);
  if (minDurationNs !== undefined)
    found.push(fragment`duration_ns >= ${parameters.bind("Int64", minDurationNs)}`);
  if (maxDurationNs !== undefined)
    found.push(fragment`duration_ns <= ${parameters.bind("Int64", maxDurationNs)}`);
  if (match.kind !== undefined) found.push(fragment`kind = ${parameters.bind("UInt32", match.kind)}`);
  if (match.status !== undefined)
    found.push(fragment`status_code = ${parameters.bind("UInt32", match.status)}`);
  match.tags?.forEach((tag, index) => {
    found.push(tagCondition(tag, resourceIds[index] ?? [], parameters));
  });
  return found;
}

/**
 * For each tag the resources that have it. Asked for beforehand, because beside a subquery in a disjunction the index
 * of attributes would not be used.
 */
export function resourcesWithTags(
  store: Store,
  { tags = [] }: SpanMatch,
  signal: AbortSignal | undefined,
): Promise<bigint[][]> {
  return Promise.all(
    tags.map(async (tag): Promise<bigint[]> => {
      if ("word" in tag || tag.level === "span") return [];
      const rows = await store.query<{ resource_id: string }>(statement("resources-with-attribute"), {
        parameters: { key: tag.key, values: [tag.value] },
        settings: POINT_LOOKUP,
        ...(signal && { signal }),
      });
      return rows.map((row) => BigInt(row.resource_id));
    }),
  );
}

/** The service at the other end of a row of `spans`, empty where none is named. */
export function remoteName(parameters: Parameters): SqlFragment {
  // Each key apart: an array of all values would be made for every row.
  const firstOf = (keys: readonly string[]) =>
    keys.reduceRight<SqlFragment>((others, key) => {
      const value = fragment`attributes[${parameters.bind("String", key)}]`;
      return fragment`if(${value} != '', ${value}, ${others})`;
    }, fragment`''`);
  return fragment`if(kind IN (3, 4), ${firstOf([...REMOTE_NAMES, ...OUTGOING_NAMES])}, ${firstOf(REMOTE_NAMES)})`;
}

function tagCondition(tag: TagMatch, resourceIds: readonly bigint[], parameters: Parameters): SqlFragment {
  if ("word" in tag) {
    const word = parameters.bind("String", tag.word);
    const ways = [fragment`has(events.name, ${word})`, fragment`mapContains(attributes, ${word})`];
    if (tag.word === "error") ways.push(fragment`status_code = 2`);
    return anyOf(ways);
  }
  const { key, value, level } = tag;
  const ways: SqlFragment[] = [];
  if (level !== "resource") ways.push(hasAttribute(key, [value], parameters));
  if (level === undefined) ways.push(...writtenAsTag(key, value, parameters));
  if (resourceIds.length > 0)
    ways.push(fragment`resource_id IN ${parameters.bind("Array(UInt64)", resourceIds)}`);
  return anyOf(ways);
}

/** What these APIs write as tags although it is no attribute. */
function writtenAsTag(key: string, value: string, parameters: Parameters): SqlFragment[] {
  const text = parameters.bind("String", value);
  switch (key) {
    case "error":
      if (value === "true") return [fragment`status_code = 2`];
      if (value === "false") return [fragment`status_code != 2`];
      return [fragment`status_code = 2 AND status_message = ${text}`];
    case "otel.status_code":
      return STATUSES.includes(value)
        ? [fragment`status_code = ${parameters.bind("UInt32", STATUSES.indexOf(value))}`]
        : [];
    case "otel.status_description":
      return [fragment`status_message = ${text}`];
    case "span.kind":
      return KINDS.includes(value)
        ? [fragment`kind = ${parameters.bind("UInt32", KINDS.indexOf(value))}`]
        : [];
    case "otel.scope.name":
    case "otel.library.name":
      return [fragment`scope_id IN (SELECT scope_id FROM scopes WHERE name = ${text})`];
    default:
      return [];
  }
}
