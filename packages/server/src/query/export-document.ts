import type { ExportFormat } from "@clew/protocol/api/requests";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { writeOtlpJson } from "@clew/protocol/otlp/json";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";

const LISTS = { traces: "resourceSpans", logs: "resourceLogs", metrics: "resourceMetrics" } as const;

/**
 * Pieces of OTLP as the bytes of one document. `json` and `protobuf` are one message, because lists of JSON
 * can be written piece by piece and protobuf messages that follow one another are one; `jsonl` is one message
 * a line, as OpenTelemetry's file exporter writes them.
 */
export async function* exportDocument<S extends Signal>(
  signal: S,
  format: ExportFormat,
  pieces: AsyncIterable<OtlpData[S]>,
): AsyncGenerator<Uint8Array> {
  const list = LISTS[signal];
  const head = `{${JSON.stringify(list)}:[`;
  if (format === "json") yield Buffer.from(head);
  let isFirst = true;
  for await (const piece of pieces) {
    if (format === "protobuf") yield encodeOtlp(signal, piece);
    else if (format === "jsonl") yield Buffer.from(`${writeOtlpJson(signal, piece)}\n`);
    else {
      const text = writeOtlpJson(signal, piece).slice(head.length, -"]}".length);
      yield Buffer.from(isFirst || text === "" ? text : `,\n${text}`);
      isFirst &&= text === "";
    }
  }
  if (format === "json") yield Buffer.from("]}\n");
}
