import { queryString } from "@clew/protocol/api/requests";

/** The trace of a record, at its span if it names one. */
export function spanAddress(traceId: string, spanId: string): string {
  const trace = `/traces/${encodeURIComponent(traceId)}`;
  return spanId === "" ? trace : `${trace}?span=${encodeURIComponent(spanId)}`;
}

/** The page of log records with these conditions. */
export function logsAddress(conditions: Readonly<Record<string, string>>): string {
  return `/logs${queryString(conditions)}`;
}
