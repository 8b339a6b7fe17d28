import { isBaggageKey } from "@clew/protocol/context/baggage";
import { type CorrelationIds, correlationFromVariables } from "@clew/protocol/context/correlation";
import type { Carrier } from "./child-environment.ts";

/** What the environment says about trace context and correlation. */
export interface ContextSettings {
  /** Headers whose value is an id, lower case, with the correlation key they fill. */
  readonly headerMap: ReadonlyMap<string, string>;
  /** Correlation keys beside those of `CORRELATION_KEYS`. */
  readonly moreKeys: readonly string[];
  /** Destinations that get context beside those that always do. */
  readonly propagateTo: readonly string[];
  /** Ids of everything that this process does. */
  readonly ids: CorrelationIds;
  /** The headers that whoever started the process put into its environment; empty without one. */
  readonly traceparent: string;
  readonly tracestate: string;
  readonly baggage: string;
  /** The baggage of the process, also in a thread, which has the other fields of where it was made. */
  readonly processBaggage: string;
}

/**
 * Reads `CLEW_HEADER_MAP` (`x-session-id=session.id,...`), `CLEW_CORRELATION_KEYS`, `CLEW_PROPAGATE_TO`,
 * `CLEW_SESSION_ID` and its siblings, and the carriers `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`, instead of which a
 * thread has those of `thread`.
 */
export function contextSettingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
  thread: Partial<Carrier> = {},
): ContextSettings {
  const { TRACEPARENT = "", TRACESTATE = "", BAGGAGE = "" } = { ...environment, ...thread };
  const headerMap = new Map<string, string>();
  for (const pair of listOf(environment.CLEW_HEADER_MAP)) {
    const [header = "", key = ""] = pair.split("=").map((part) => part.trim());
    if (isBaggageKey(header) && isBaggageKey(key)) headerMap.set(header.toLowerCase(), key);
  }
  return {
    headerMap,
    moreKeys: listOf(environment.CLEW_CORRELATION_KEYS).filter(isBaggageKey),
    propagateTo: listOf(environment.CLEW_PROPAGATE_TO),
    ids: correlationFromVariables(environment),
    traceparent: TRACEPARENT,
    tracestate: TRACESTATE,
    baggage: BAGGAGE,
    processBaggage: environment.BAGGAGE ?? "",
  };
}

/** Elements of a list with commas, without spaces around them. */
function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
