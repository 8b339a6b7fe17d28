import { NO_SERVICE } from "@clew/protocol/jaeger/otlp-to-jaeger";
import type { MatchingTracesRequest } from "../../../query/compatible/matching-traces.ts";
import { InvalidParameter } from "../../http-errors.ts";
import { parseMoment } from "../../moment.ts";
import type { QueryValues } from "../query-values.ts";

const DEFAULT_LIMIT = 100;
/** What Jaeger's page lets people ask for. */
const MOST_TRACES = 1500;
/** Each asks the store once. */
const MOST_TAGS = 10;

const MICRO = 1000n;
const DAY = 86_400_000_000_000n;
/** Where the start is not given. */
const LOOKBACK = 2n * DAY;

type Tag = { readonly key: string; readonly value: string };

/** What `/api/traces` asks for. Throws `InvalidParameter`. */
export function readSearch(values: QueryValues, nowMs: number): Omit<MatchingTracesRequest, "signal"> {
  const service = values.required("service");
  const operation = values.text("operation");
  const end = values.count("end", MICRO, "microseconds") ?? BigInt(nowMs) * 1_000_000n;
  const start = values.count("start", MICRO, "microseconds") ?? end - lookbackOf(values);
  const tags = [
    ...values.texts("tag").map(simpleTag),
    ...values.texts("tags").flatMap((text) => tagsOf("tags", text)),
  ];
  return {
    match: {
      service: serviceOf(service),
      ...(operation !== undefined && operation !== "all" && { name: operation }),
      ...values.durations(["minDuration"], ["maxDuration"]),
      tags: bounded("tags", tags),
    },
    fromNs: start < 0n ? 0n : start,
    toNs: end + MICRO,
    limit: values.wholeNumber("limit", 1, MOST_TRACES) ?? DEFAULT_LIMIT,
  };
}

/** What `/api/v3/traces` asks for; names of parameters in either spelling. Throws `InvalidParameter`. */
export function readSearchV3(values: QueryValues): Omit<MatchingTracesRequest, "signal"> {
  const both = (camel: string, snake: string) => [`query.${camel}`, `query.${snake}`];
  const service = values.text(...both("serviceName", "service_name"));
  const operation = values.text(...both("operationName", "operation_name"));
  const attributes = values.text("query.attributes");
  if (values.text("query.filter") !== undefined)
    throw new InvalidParameter("query.filter", "is not understood here; use query.attributes");
  const from = requiredTime(values, both("startTimeMin", "start_time_min"));
  const to = requiredTime(values, both("startTimeMax", "start_time_max"));
  if (from >= to) throw new InvalidParameter("query.startTimeMin", "must be before query.startTimeMax");
  const depths = [...both("searchDepth", "search_depth"), "query.num_traces"];
  const depth = depths.find((name) => values.text(name) !== undefined) ?? "query.searchDepth";
  return {
    match: {
      ...(service !== undefined && { service: serviceOf(service) }),
      ...(operation !== undefined && { name: operation }),
      ...values.durations(both("durationMin", "duration_min"), both("durationMax", "duration_max")),
      ...(attributes !== undefined && {
        tags: bounded("query.attributes", tagsOf("query.attributes", attributes)),
      }),
    },
    fromNs: from,
    toNs: to + 1n,
    limit: values.wholeNumber(depth, 1, MOST_TRACES) ?? DEFAULT_LIMIT,
  };
}

/** The name that a service is stored by. */
export function serviceOf(name: string): string {
  return name === NO_SERVICE ? "" : name;
}

/** A time as RFC 3339 writes it; undefined when it is not given. Throws `InvalidParameter`. */
export function timeOf(values: QueryValues, names: readonly string[]): bigint | undefined {
  const text = values.text(...names);
  if (text === undefined) return undefined;
  // Some clients do not encode the plus of the zone.
  const nanos = text.includes("T") ? parseMoment(text.replace(" ", "+"), 0) : undefined;
  if (nanos === undefined)
    throw new InvalidParameter(
      names[0]!,
      `is ${JSON.stringify(text.slice(0, 100))}, which is no RFC 3339 time`,
    );
  return nanos;
}

function requiredTime(values: QueryValues, names: readonly string[]): bigint {
  const nanos = timeOf(values, names);
  if (nanos === undefined) throw new InvalidParameter(names[0]!, "is required");
  return nanos;
}

/** `lookback` is what Jaeger's page keeps in its address: `1h`, `2d`, or `custom` beside a start. */
function lookbackOf(values: QueryValues): bigint {
  return values.text("lookback") === "custom" ? LOOKBACK : (values.duration("lookback") ?? LOOKBACK);
}

function simpleTag(text: string): Tag {
  const colon = text.indexOf(":");
  if (colon < 1) throw new InvalidParameter("tag", "must be KEY:VALUE");
  return { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

function tagsOf(name: string, json: string): Tag[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    parsed = undefined;
  }
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  const entries = isObject ? Object.entries(parsed as object) : undefined;
  if (entries === undefined || entries.some(([, value]) => typeof value === "object"))
    throw new InvalidParameter(name, 'must be a JSON object of texts, as {"http.method":"GET"}');
  return entries.map(([key, value]) => ({ key, value: String(value) }));
}

function bounded(name: string, tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_TAGS)
    throw new InvalidParameter(name, `has ${tags.length} tags; at most ${MOST_TAGS} are allowed`);
  return tags;
}
