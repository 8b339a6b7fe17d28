import type { AnyValue, LogsData } from "@clew/protocol/otlp/model";
import type { PlainAttributes } from "@clew/protocol/traceql/naive/plain-trace";
import { attributesOf } from "../../traceql/testing/plain-to-otlp.ts";

/** A log record as plain values. */
export interface PlainLog {
  /** Unix nanoseconds; 0 when nobody said. */
  readonly time: bigint;
  readonly observed: bigint;
  /** Hexadecimal; empty when the record belongs to none. */
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  /** Undefined when there is none. */
  readonly body: AnyValue | undefined;
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: PlainAttributes };
}

/** A record with nothing but a time. */
export function logAt(time: bigint, rest: Partial<PlainLog> = {}): PlainLog {
  return {
    time,
    observed: time,
    traceId: "",
    spanId: "",
    flags: 0,
    severityNumber: 0,
    severityText: "",
    eventName: "",
    body: undefined,
    attributes: {},
    resource: { "service.name": "service" },
    scope: { name: "", version: "", attributes: {} },
    ...rest,
  };
}

/** When it happened: when it was observed, if nobody said. */
export function momentOf({ time, observed }: PlainLog): bigint {
  return time === 0n ? observed : time;
}

/** The records as an SDK sends them. */
export function logsDataOf(logs: readonly PlainLog[]): LogsData {
  return {
    resourceLogs: logs.map((log) => ({
      resource: { attributes: attributesOf(log.resource) },
      scopeLogs: [
        {
          scope: {
            name: log.scope.name,
            version: log.scope.version,
            attributes: attributesOf(log.scope.attributes),
          },
          logRecords: [
            {
              timeUnixNano: String(log.time),
              observedTimeUnixNano: String(log.observed),
              severityNumber: log.severityNumber,
              severityText: log.severityText,
              ...(log.body !== undefined && { body: log.body }),
              attributes: attributesOf(log.attributes),
              flags: log.flags,
              ...(log.traceId !== "" && { traceId: log.traceId }),
              ...(log.spanId !== "" && { spanId: log.spanId }),
              eventName: log.eventName,
            },
          ],
        },
      ],
    })),
  };
}
