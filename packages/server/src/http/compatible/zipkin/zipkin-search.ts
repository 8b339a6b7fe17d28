import type { MatchingTracesRequest } from "../../../query/compatible/matching-traces.ts";
import type { Stretch } from "../../../query/compatible/newest-spans.ts";
import type { TagMatch } from "../../../query/compatible/span-match.ts";
import { InvalidParameter } from "../../http-errors.ts";
import type { QueryValues } from "../query-values.ts";

const MICRO = 1000n;
const MILLI = 1_000_000n;
/** Zipkin's own default. */
const LOOKBACK = 86_400_000n * MILLI;
const DEFAULT_LIMIT = 10;
const MOST_TRACES = 1500;
/** Each asks the store once. */
const MOST_TERMS = 10;

/** What `/api/v2/traces` asks for. Throws `InvalidParameter`. */
export function readTraceQuery(values: QueryValues, nowMs: number): Omit<MatchingTracesRequest, "signal"> {
  const service = values.text("serviceName");
  const name = values.text("spanName");
  const remoteService = values.text("remoteServiceName");
  const minDurationNs = values.count("minDuration", MICRO, "microseconds");
  const maxDurationNs = values.count("maxDuration", MICRO, "microseconds");
  if (maxDurationNs !== undefined && minDurationNs === undefined)
    throw new InvalidParameter("maxDuration", "is only allowed with minDuration");
  if (minDurationNs !== undefined && maxDurationNs !== undefined && maxDurationNs < minDurationNs)
    throw new InvalidParameter("maxDuration", "is less than minDuration");
  return {
    match: {
      ignoreCase: true,
      ...(service !== undefined && { service }),
      // Zipkin's older page has a choice named so for every span.
      ...(name !== undefined && name !== "all" && { name }),
      ...(remoteService !== undefined && { remoteService }),
      ...(minDurationNs !== undefined && { minDurationNs }),
      // Zipkin rounds down to whole microseconds.
      ...(maxDurationNs !== undefined && { maxDurationNs: maxDurationNs + MICRO - 1n }),
      tags: annotationTerms(values.text("annotationQuery") ?? ""),
    },
    ...readStretch(values, BigInt(nowMs) * MILLI),
    limit: values.wholeNumber("limit", 1, MOST_TRACES) ?? DEFAULT_LIMIT,
  };
}

/** The stretch of time that ends at `endTs`, included. */
export function readStretch(values: QueryValues, defaultEndNs: bigint): Stretch {
  const end = values.count("endTs", MILLI, "milliseconds") ?? defaultEndNs;
  const lookback = values.count("lookback", MILLI, "milliseconds") ?? LOOKBACK;
  return { fromNs: end > lookback ? end - lookback : 0n, toNs: end + MILLI };
}

/** `error and http.method=GET`: words, and keys with values. */
function annotationTerms(text: string): TagMatch[] {
  const terms = text
    .split(" and ")
    .map((term) => term.trim())
    .filter((term) => term !== "");
  if (terms.length > MOST_TERMS)
    throw new InvalidParameter(
      "annotationQuery",
      `has ${terms.length} terms; at most ${MOST_TERMS} are allowed`,
    );
  return terms.map((term) => {
    const equals = term.indexOf("=");
    if (equals === 0) throw new InvalidParameter("annotationQuery", "has a value without a key");
    if (equals < 0) return { word: term };
    return { key: term.slice(0, equals).trim(), value: term.slice(equals + 1).trim() };
  });
}
