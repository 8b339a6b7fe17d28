import type { Signal } from "../signal.ts";
import { field, type Message, message, repeated } from "./descriptor.ts";

interface ExportResponse {
  partialSuccess?: unknown;
}

/** `ExportTraceServiceResponse` and its siblings. */
export const RESPONSES: Readonly<Record<Signal, Message>> = {
  traces: message<ExportResponse>("ExportTraceServiceResponse", {
    partialSuccess: field(
      1,
      message<{ rejectedSpans?: string; errorMessage?: string }>("ExportTracePartialSuccess", {
        rejectedSpans: field(1, "int64"),
        errorMessage: field(2, "string"),
      }),
    ),
  }),
  logs: message<ExportResponse>("ExportLogsServiceResponse", {
    partialSuccess: field(
      1,
      message<{ rejectedLogRecords?: string; errorMessage?: string }>("ExportLogsPartialSuccess", {
        rejectedLogRecords: field(1, "int64"),
        errorMessage: field(2, "string"),
      }),
    ),
  }),
  metrics: message<ExportResponse>("ExportMetricsServiceResponse", {
    partialSuccess: field(
      1,
      message<{ rejectedDataPoints?: string; errorMessage?: string }>("ExportMetricsPartialSuccess", {
        rejectedDataPoints: field(1, "int64"),
        errorMessage: field(2, "string"),
      }),
    ),
  }),
};

/** `google.rpc.Status`, which OTLP answers failures with. */
export const RPC_STATUS = message<{ code?: number; message?: string; details?: unknown }>("Status", {
  code: field(1, "int32"),
  message: field(2, "string"),
  details: repeated(
    3,
    message<{ typeUrl?: string; value?: string }>("Any", {
      typeUrl: field(1, "string"),
      value: field(2, "bytes"),
    }),
  ),
});

/** `google.rpc.RetryInfo`, a detail of the status of a failure worth retrying. */
export const RETRY_INFO = message<{ retryDelay?: unknown }>("RetryInfo", {
  retryDelay: field(
    1,
    message<{ seconds?: string; nanos?: number }>("Duration", {
      seconds: field(1, "int64"),
      nanos: field(2, "int32"),
    }),
  ),
});
