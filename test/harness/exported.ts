import type { ExportFormat, ExportRequest } from "@clew/protocol/api/requests";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import type { Signal } from "@clew/protocol/signal";
import { type Flat, flatten } from "./canonical.ts";
import type { ServerProcess } from "./server-process.ts";

export const EXPORT_FORMATS: readonly ExportFormat[] = ["json", "jsonl", "protobuf"];

/** What the server exports, as its bytes. */
export async function exportedBytes(
  server: ServerProcess,
  signal: Signal,
  request: ExportRequest,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await server.api.export(signal, request)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What the server exports, record by record. */
export async function exported(
  server: ServerProcess,
  signal: Signal,
  request: ExportRequest,
): Promise<Flat[]> {
  const bytes = await exportedBytes(server, signal, request);
  if (request.format === "protobuf") return flatten(signal, decodeOtlp(signal, bytes));
  const documents = request.format === "jsonl" ? bytes.toString().split("\n").filter(Boolean) : [`${bytes}`];
  return flatten(signal, ...documents.map((document) => JSON.parse(document) as object));
}
