import http from "node:http";
import https from "node:https";
import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RESPONSES } from "@clew/protocol/otlp/response-schema";
import type { Endpoint } from "./endpoint.ts";

/** What an endpoint said. */
export interface Answer {
  readonly status: number;
  /** What the endpoint asked to wait; undefined when it didn't. */
  readonly retryAfterMs: number | undefined;
  /** Spans of an accepted request that the endpoint did not take, and why. */
  readonly rejected: number;
  readonly message: string;
}

export interface Poster {
  /** Rejects when there is no whole answer in time. */
  post(body: Uint8Array, isGzip: boolean): Promise<Answer>;
  close(): void;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** Posts to one endpoint over connections that are kept open. */
export function posterTo(endpoint: Endpoint): Poster {
  const { url, timeoutMs } = endpoint;
  const transport = url.protocol === "https:" ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 2 });
  return {
    close: () => agent.destroy(),
    async post(body, isGzip) {
      try {
        return await exchange(body, isGzip);
      } catch (error) {
        // A server may close what was idle just when it is used again.
        if ((error as { reused?: boolean }).reused !== true) throw error;
        return await exchange(body, isGzip);
      }
    },
  };

  function exchange(body: Uint8Array, isGzip: boolean): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const request = transport.request(url, {
      method: "POST",
      agent,
      headers: {
        "user-agent": "clew-gateway",
        ...endpoint.headers,
        "content-type": "application/x-protobuf",
        "content-length": body.length,
        ...(isGzip && { "content-encoding": "gzip" }),
      },
    });
    const timer = setTimeout(() => {
      request.destroy(new Error(`No answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (error: Error & { code?: string }): void => {
      clearTimeout(timer);
      const reused = request.reusedSocket && error.code === "ECONNRESET";
      reject(Object.assign(error, { reused }));
    };
    request.on("error", fail);
    request.on("response", (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on("error", fail);
      response.on("data", (piece: Buffer) => {
        size += piece.length;
        if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
      });
      response.on("end", () => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        const retryAfterMs = waitOf(response.headers["retry-after"]);
        resolve({ status, retryAfterMs, ...outcomeOf(status, Buffer.concat(pieces)) });
      });
    });
    request.end(body);
    return promise;
  }
}

function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return ms >= 0 ? ms : undefined;
}

/** An answer that can't be read says nothing: what was accepted is accepted. */
function outcomeOf(status: number, body: Uint8Array): Pick<Answer, "rejected" | "message"> {
  if (status !== 200) return { rejected: 0, message: "" };
  try {
    const { partialSuccess } = decodeMessage(RESPONSES.traces, body) as {
      partialSuccess?: { rejectedSpans?: string; errorMessage?: string };
    };
    const { rejectedSpans = "0", errorMessage = "" } = partialSuccess ?? {};
    return { rejected: Number(rejectedSpans), message: errorMessage };
  } catch {
    return { rejected: 0, message: "" };
  }
}
