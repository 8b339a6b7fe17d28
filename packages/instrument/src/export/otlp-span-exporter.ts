import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { context } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, suppressTracing } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { tracesData } from "./traces-data.ts";

/** Sends spans as OTLP over HTTP, in protobuf. */
export class OtlpSpanExporter implements SpanExporter {
  readonly #url: string;

  constructor(endpoint: string) {
    this.#url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const body = encodeOtlp("traces", tracesData(spans));
    const headers = { "content-type": "application/x-protobuf" };
    context.with(suppressTracing(context.active()), () => {
      fetch(this.#url, { method: "POST", body, headers }).then(
        (answer) => done({ code: answer.ok ? ExportResultCode.SUCCESS : ExportResultCode.FAILED }),
        (error: Error) => done({ code: ExportResultCode.FAILED, error }),
      );
    });
  }

  async shutdown(): Promise<void> {}
}
