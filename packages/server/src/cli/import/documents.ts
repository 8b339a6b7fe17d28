import { jaegerToOtlp } from "@clew/protocol/jaeger/jaeger-to-otlp";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { parseOtlpJson } from "@clew/protocol/otlp/json";
import { parseJsonText } from "@clew/protocol/otlp/json-text";
import { MalformedJson } from "@clew/protocol/otlp/malformed-json";
import type { LogsData, MetricsData, OtlpData, TracesData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import { zipkinToOtlp } from "@clew/protocol/zipkin/zipkin-to-otlp";

export type FileFormat = "OTLP/JSON" | "OTLP/protobuf" | "Jaeger" | "Zipkin";

/** What a file, or a line of one, holds. */
export interface Document {
  readonly format: FileFormat;
  readonly parts: readonly { [S in Signal]: { readonly signal: S; readonly data: OtlpData[S] } }[Signal][];
  /** Why spans could not be understood, one entry per span. */
  readonly rejected: readonly string[];
}

/** The file is in none of the formats that can be imported, or is damaged. */
export class UnknownFormat extends Error {
  override readonly name = "UnknownFormat";
}

const SIGNALS: readonly Signal[] = ["traces", "logs", "metrics"];
const KEYS: Readonly<Record<Signal, readonly string[]>> = {
  traces: ["resourceSpans", "resource_spans"],
  logs: ["resourceLogs", "resource_logs"],
  metrics: ["resourceMetrics", "resource_metrics"],
};

/** Reads a JSON document of any of the formats. Throws `UnknownFormat` or `MalformedJson`. */
export function readJson(bytes: Uint8Array): Document {
  return documentOf(parseJsonText(bytes));
}

function documentOf(value: unknown): Document {
  if (Array.isArray(value)) return arrayOf(value);
  const signals = SIGNALS.filter((signal) => KEYS[signal].some((key) => has(value, key)));
  if (signals.length > 0) {
    const parts = signals.map(
      (signal) => ({ signal, data: parseOtlpJson(signal, value) }) as Document["parts"][number],
    );
    return { format: "OTLP/JSON", parts, rejected: [] };
  }
  if (has(value, "spans") || has(value, "data")) return foreign("Jaeger", jaegerToOtlp(value));
  throw new UnknownFormat(
    "neither OTLP nor Jaeger nor Zipkin: an OTLP/JSON document begins with resourceSpans",
  );
}

function arrayOf(value: readonly unknown[]): Document {
  const [first] = value;
  if (Array.isArray(first)) return arrayOf(value.flat());
  if (first === undefined) return { format: "OTLP/JSON", parts: [], rejected: [] };
  if (has(first, "spans")) return foreign("Jaeger", jaegerToOtlp(value));
  if (has(first, "traceId") && has(first, "id")) return foreign("Zipkin", zipkinToOtlp(value));
  const documents = value.map(documentOf);
  return {
    format: documents[0]?.format ?? "OTLP/JSON",
    parts: documents.flatMap(({ parts }) => parts),
    rejected: documents.flatMap(({ rejected }) => rejected),
  };
}

function foreign(format: FileFormat, spans: ReturnType<typeof jaegerToOtlp>): Document {
  return {
    format,
    parts: [{ signal: "traces", data: spans.data }],
    rejected: spans.rejected.map(({ reason }) => reason),
  };
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}

/**
 * Reads an OTLP message in protobuf. The three signals differ only inside, so the one is taken whose records
 * look whole. Throws `UnknownFormat`.
 */
export function readProtobuf(bytes: Uint8Array): Document {
  const guesses = [
    () => part("traces", decodeOtlp("traces", bytes), looksLikeTraces),
    () => part("metrics", decodeOtlp("metrics", bytes), looksLikeMetrics),
    () => part("logs", decodeOtlp("logs", bytes), looksLikeLogs),
  ];
  for (const guess of guesses) {
    try {
      const found = guess();
      if (found !== undefined) return { format: "OTLP/protobuf", parts: [found], rejected: [] };
    } catch {
      // Another signal's message is malformed as this one.
    }
  }
  throw new UnknownFormat("neither JSON nor an OTLP message in protobuf");
}

function part<S extends Signal>(signal: S, data: OtlpData[S], isWhole: (data: OtlpData[S]) => boolean) {
  return isWhole(data) ? ({ signal, data } as Document["parts"][number]) : undefined;
}

function looksLikeTraces(data: TracesData): boolean {
  const spans = (data.resourceSpans ?? [])
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .flatMap(({ spans = [] }) => spans);
  return spans.some(({ traceId, spanId }) => traceId?.length === 32 && spanId?.length === 16);
}

function looksLikeMetrics(data: MetricsData): boolean {
  const metrics = (data.resourceMetrics ?? [])
    .flatMap(({ scopeMetrics = [] }) => scopeMetrics)
    .flatMap(({ metrics = [] }) => metrics);
  return metrics.some(
    ({ name, gauge, sum, histogram, exponentialHistogram, summary }) =>
      name !== undefined &&
      (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints !== undefined,
  );
}

function looksLikeLogs(data: LogsData): boolean {
  const records = (data.resourceLogs ?? [])
    .flatMap(({ scopeLogs = [] }) => scopeLogs)
    .flatMap(({ logRecords = [] }) => logRecords);
  return records.some(
    ({ timeUnixNano, observedTimeUnixNano, body }) => timeUnixNano ?? observedTimeUnixNano ?? body,
  );
}

/** What is wrong with a document, for people. */
export function faultOf(error: unknown): string | undefined {
  if (error instanceof UnknownFormat) return error.message;
  if (error instanceof MalformedJson) return error.message;
  return undefined;
}
