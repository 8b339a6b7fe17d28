import { setTimeout as sleep } from "node:timers/promises";
import { ServerUnreachable } from "@clew/protocol/api/api-error";
import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RESPONSES, RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import type { Batch } from "./batches.ts";

export interface SendOutcome {
  readonly accepted: number;
  readonly rejected: number;
  /** Why records were rejected; empty when none was. */
  readonly reason: string;
}

export interface SenderOptions {
  /** Base URL of OTLP over HTTP. */
  readonly url: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 10;
const LONGEST_WAIT_MS = 10_000;

/**
 * Sends a batch and waits as long as the server asks to when it is busy. Rejects with `ServerUnreachable` when
 * nothing answers; what the server refuses is an outcome.
 */
export async function sendBatch(batch: Batch, options: SenderOptions): Promise<SendOutcome> {
  for (let attempt = 1; ; attempt++) {
    const response = await post(batch, options);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return outcomeOf(batch, bytes);
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || attempt === ATTEMPTS) {
      return { accepted: 0, rejected: batch.records, reason: reasonOf(response, bytes) };
    }
    const seconds = Number(response.headers.get("retry-after"));
    const waitMs = seconds > 0 ? seconds * 1000 : 250 * 2 ** attempt;
    await sleep(Math.min(waitMs, LONGEST_WAIT_MS), undefined, { signal: options.signal });
  }
}

function post(batch: Batch, { url, token, signal }: SenderOptions): Promise<Response> {
  const headers = {
    "content-type": "application/x-protobuf",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return fetch(`${url}/v1/${batch.signal}`, { method: "POST", headers, body: batch.body, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new ServerUnreachable(url, error);
    },
  );
}

function outcomeOf(batch: Batch, bytes: Uint8Array): SendOutcome {
  const { partialSuccess = {} } = decodeMessage(RESPONSES[batch.signal], bytes) as {
    partialSuccess?: Record<string, string>;
  };
  const count =
    partialSuccess.rejectedSpans ?? partialSuccess.rejectedLogRecords ?? partialSuccess.rejectedDataPoints;
  const rejected = Number(count ?? 0);
  // Rejected data points are counted one by one, a batch of metrics by metric.
  const accepted = Math.max(0, batch.records - rejected);
  return {
    accepted,
    rejected,
    reason: rejected > 0 ? (partialSuccess.errorMessage ?? "no reason given") : "",
  };
}

function reasonOf(response: Response, bytes: Uint8Array): string {
  try {
    const { message } = decodeMessage(RPC_STATUS, bytes) as { message?: string };
    if (message !== undefined) return message;
  } catch {
    // Not from an OTLP receiver.
  }
  return `the server answered ${response.status} ${response.statusText}`.trim();
}
