import type { MapLeaves, MapScope } from "./map.ts";
import type { MetricKind } from "./stored-metrics.ts";

/** A moment: epoch milliseconds, epoch nanoseconds (16 digits or more), ISO 8601, or relative as `now-15m`. */
export type Moment = string | number;

/** A length of time: milliseconds, or text with a unit as `250ms`, `1.5s`, `2m`, `1h`, `3d`. */
export type Duration = string | number;

/** One value, or several of which any may hold. */
export type AnyOf = string | readonly string[];

/** Which traces; every condition given must hold for some span of the trace or for the trace itself. */
export interface TraceFilter {
  readonly service?: AnyOf;
  readonly agent?: AnyOf;
  readonly model?: AnyOf;
  readonly tool?: AnyOf;
  readonly session?: AnyOf;
  readonly conversation?: AnyOf;
  readonly task?: AnyOf;
  readonly testCase?: AnyOf;
  readonly testRun?: AnyOf;
  readonly user?: AnyOf;
  /** `error`: some span has one. `ok`: none has. */
  readonly status?: "ok" | "error";
  readonly minDuration?: Duration;
  readonly maxDuration?: Duration;
  /** Part of a span's name, in any case of letters. */
  readonly name?: string;
  /** Words that occur in prompts, completions or tool payloads of one span. */
  readonly text?: string;
  /** Attributes of a span or its resource, by exact text of the value. */
  readonly attributes?: Readonly<Record<string, AnyOf>>;
  /** Start of the trace, inclusive. */
  readonly from?: Moment;
  /** Start of the trace, exclusive. */
  readonly to?: Moment;
}

export interface Paging {
  /** 1 to 1,000; the server's default is 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface TraceListRequest extends TraceFilter, Paging {}

export interface TraceGroupListRequest extends Paging {
  readonly from?: Moment;
  readonly to?: Moment;
  /** Part of the id. */
  readonly id?: string;
}

export interface TranscriptPageRequest {
  /** Steps on the page, 1 to 1,000; the server's default is 200. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface SearchRequest {
  /** TraceQL that asks for traces; at most 65,536 characters. */
  readonly q: string;
  /** Start of the trace, inclusive. */
  readonly from?: Moment;
  /** Start of the trace, exclusive. */
  readonly to?: Moment;
  /** 1 to 1,000; the server's default is 50. */
  readonly limit?: number;
  /** `next` of the answer before. */
  readonly cursor?: string;
  /** Matching spans told of each span set, 0 to 100; the server's default is 3. */
  readonly spss?: number;
}

export interface MetricsRequest {
  /** TraceQL that asks for metrics; at most 65,536 characters. */
  readonly q: string;
  /** Start of the spans; default an hour before `to`. */
  readonly from?: Moment;
  /** Default now. */
  readonly to?: Moment;
  /** Between two points. `none`: one point for the whole time. Default: some 60 points. */
  readonly step?: Duration | "none";
  /** Examples of spans for each series, 0 to 100; default 0. */
  readonly exemplars?: number;
}

export interface MetricNamesRequest {
  /** Part of the name, in any case of letters. */
  readonly text?: string;
  /** When the points were taken, inclusive; default an hour before `to`. */
  readonly from?: Moment;
  /** Exclusive; default now. */
  readonly to?: Moment;
}

export interface StoredMetricRequest {
  readonly name: string;
  /** Where metrics of several kinds or units have the name: which of them; default the one with most points. */
  readonly kind?: MetricKind;
  readonly unit?: string;
  /** `service`, or `attr.NAME` for an attribute of the points; default one line for all. */
  readonly by?: string;
  readonly from?: Moment;
  readonly to?: Moment;
}

export interface LogListRequest {
  /** A filter of log records such as `{ severity >= warn }`; at most 65,536 characters. */
  readonly q?: string;
  /** Words that all occur in the body, the event's name or a value of an attribute, in any case of letters. */
  readonly text?: string;
  /** When the record was made, inclusive. */
  readonly from?: Moment;
  /** When the record was made, exclusive. */
  readonly to?: Moment;
  /** A whole trace id, a prefix of at least 4 characters, or `last`. */
  readonly trace?: string;
  readonly span?: string;
  readonly service?: AnyOf;
  /** Ids that the record carries, or its trace. */
  readonly session?: AnyOf;
  readonly conversation?: AnyOf;
  readonly task?: AnyOf;
  readonly testCase?: AnyOf;
  readonly testRun?: AnyOf;
  readonly user?: AnyOf;
  /** A span of `trace`: the records of it, of its trace and of the same instance of its service around it. */
  readonly around?: string;
  /** How long before the start of that span; the server's default is 5 s. */
  readonly before?: Duration;
  /** How long after its end; the server's default is 5 s. */
  readonly after?: Duration;
  /** `id` of a record: that record, uncut. */
  readonly id?: string;
  /** 1 to 1,000; the server's default is 100. */
  readonly limit?: number;
  /** `next` of the answer before. */
  readonly cursor?: string;
}

/** Which records are counted over time; without `from` those of the hour before `to`, and `to` is now. */
export type LogHistogramRequest = Omit<
  LogListRequest,
  "around" | "before" | "after" | "id" | "limit" | "cursor"
>;

export interface MapRequest {
  /** Default `agents`. */
  readonly scope?: MapScope;
  /** Start of the traces; default an hour before `to`. */
  readonly from?: Moment;
  /** Default now. */
  readonly to?: Moment;
  /** Key or name of a node: only what is near it is told. */
  readonly focus?: string;
  /** How many steps from the focus, in both directions, 0 to 20; default 2. */
  readonly depth?: number;
  /** Nodes beside agents and services; default none. */
  readonly include?: MapLeaves | readonly MapLeaves[];
}

export type ExportFormat = "json" | "protobuf" | "jsonl";

/** Which records to export; all that are stored when nothing is given. */
export interface ExportRequest {
  /** Whole trace ids, prefixes or `last`; traces and logs only. */
  readonly traces?: readonly string[];
  readonly from?: Moment;
  readonly to?: Moment;
  /** `json`: one OTLP/JSON document. `jsonl`: one document a line. `protobuf`: the OTLP message. Default `json`. */
  readonly format?: ExportFormat;
}

/** The query string of a request; empty when there is nothing to say. */
export function queryString(
  request:
    | TraceListRequest
    | TraceGroupListRequest
    | TranscriptPageRequest
    | SearchRequest
    | MapRequest
    | LogListRequest
    | MetricNamesRequest
    | StoredMetricRequest
    | ExportRequest,
): string {
  const query = new URLSearchParams();
  const append = (key: string, value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) query.append(key, String(one));
  };
  for (const [key, value] of Object.entries(request)) {
    if (key !== "attributes") append(key === "traces" ? "trace" : key, value);
    else for (const [name, wanted] of Object.entries(value ?? {})) append(`attr.${name}`, wanted);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
