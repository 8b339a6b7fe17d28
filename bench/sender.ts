import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RESPONSES } from "@clew/protocol/otlp/response-schema";
import type { TemplateBody } from "./template.ts";

/** How a request ended. */
export interface Answer {
  readonly ok: boolean;
  readonly rejectedSpans: number;
  /** Status and words of a failure; words of a partial success; usually empty. */
  readonly message: string;
}

/** One way to send OTLP. */
export interface Sender {
  /** Calls `done` exactly once. */
  send(body: TemplateBody, done: (answer: Answer) => void): void;
  close(): void;
}

/** Reads the body of an answer that reports success. */
export function readSuccess(bytes: Buffer): Answer {
  if (bytes.length === 0) return { ok: true, rejectedSpans: 0, message: "" };
  const { partialSuccess } = decodeMessage(RESPONSES.traces, bytes) as {
    partialSuccess?: { rejectedSpans?: string; errorMessage?: string };
  };
  const rejectedSpans = Number(partialSuccess?.rejectedSpans ?? 0);
  return { ok: true, rejectedSpans, message: partialSuccess?.errorMessage ?? "" };
}

export function failure(message: string): Answer {
  return { ok: false, rejectedSpans: 0, message };
}
