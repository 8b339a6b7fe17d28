import type { ExportFormat } from "@clew/protocol/api/requests";
import { queryString } from "@clew/protocol/api/requests";
import { ROUTES } from "@clew/protocol/api/routes";
import { api, hasToken } from "../api/client.ts";

export const DOWNLOADS: readonly {
  readonly format: ExportFormat;
  readonly label: string;
  readonly file: string;
}[] = [
  { format: "json", label: "OTLP JSON", file: "json" },
  { format: "protobuf", label: "Protobuf", file: "pb" },
  { format: "jsonl", label: "JSONL", file: "jsonl" },
];

/**
 * Saves a whole trace as a file. The browser writes it as it comes; where a token is needed, which a link cannot carry,
 * it is gathered in memory before.
 */
export async function download(traceId: string, format: ExportFormat, file: string): Promise<void> {
  const request = { traces: [traceId], format };
  const link = document.createElement("a");
  link.download = `traces.${file}`;
  if (!hasToken()) {
    link.href = ROUTES.exportTraces + queryString(request);
    link.click();
    return;
  }
  link.href = URL.createObjectURL(await new Response(await api.export("traces", request)).blob());
  link.click();
  URL.revokeObjectURL(link.href);
}
