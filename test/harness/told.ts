import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RESPONSES, RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import type { Signal } from "@clew/protocol/signal";
import type { GrpcAnswer } from "./otlp-grpc.ts";
import type { HttpAnswer } from "./otlp-http.ts";

/** What a sender is told, the same for both transports. */
export interface Told {
  /** HTTP's status, or gRPC's. */
  readonly status: number;
  readonly isOk: boolean;
  readonly rejected: number;
  readonly message: string;
}

const REJECTED = ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"];

/** Reads an answer as OTLP prescribes it: in the encoding of the request. Throws when it is not. */
export function toldByHttp(signal: Signal, answer: HttpAnswer): Told {
  const { status, body, headers } = answer;
  const isOk = status === 200;
  const type = headers["content-type"] ?? "";
  const message = isOk ? RESPONSES[signal] : RPC_STATUS;
  if (type.startsWith("application/json")) return told(status, isOk, JSON.parse(`${body}`));
  if (type === "application/x-protobuf") return told(status, isOk, decodeMessage(message, body));
  throw new Error(`An answer of type ${type}: ${body.subarray(0, 200)}`);
}

export function toldByGrpc(signal: Signal, answer: GrpcAnswer): Told {
  const { status = -1, message, body } = answer;
  if (status !== 0) return { status, isOk: false, rejected: 0, message };
  return told(0, true, decodeMessage(RESPONSES[signal], body));
}

function told(status: number, isOk: boolean, said: Record<string, unknown>): Told {
  if (!isOk) return { status, isOk, rejected: 0, message: String(said.message ?? "") };
  const partial = (said.partialSuccess ?? {}) as Record<string, unknown>;
  const name = REJECTED.find((key) => partial[key] !== undefined) ?? "";
  return { status, isOk, rejected: Number(partial[name] ?? 0), message: String(partial.errorMessage ?? "") };
}
