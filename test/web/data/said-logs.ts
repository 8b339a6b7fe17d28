import type { LogsData } from "@clew/protocol/otlp/model";
import { attributesOf, nanos } from "./span-builder.ts";

/** A log record as a test writes it. */
export interface SaidLog {
  readonly service: string;
  readonly atMs: number;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: string;
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** The records as an SDK sends them. */
export function saidLogs(logs: readonly SaidLog[]): LogsData {
  return {
    resourceLogs: logs.map(({ service, atMs, body, attributes = {}, ...rest }) => ({
      resource: { attributes: attributesOf({ "service.name": service, "host.name": "box-7" }) },
      scopeLogs: [
        {
          scope: { name: "pino", version: "9.1.0" },
          logRecords: [
            {
              timeUnixNano: nanos(atMs),
              ...(body !== undefined && { body: { stringValue: body } }),
              attributes: attributesOf(attributes),
              ...rest,
            },
          ],
        },
      ],
    })),
  };
}
