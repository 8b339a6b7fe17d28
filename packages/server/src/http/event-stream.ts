import type { Context } from "hono";

/** One message; data is JSON. */
export interface StreamMessage {
  readonly event: string;
  readonly data: unknown;
  /** What a client names in `Last-Event-ID` when it comes back. */
  readonly id?: string;
}

/** Keeps proxies from closing a quiet stream, and finds out that a client is gone. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
const encoder = new TextEncoder();

/**
 * Answers with a stream of server-sent events that ends when the client leaves or `closing` is aborted. The
 * messages are asked for one at a time, as fast as the client reads.
 */
export function answerEvents(
  context: Context,
  closing: AbortSignal,
  messages: (signal: AbortSignal) => AsyncGenerator<StreamMessage, void>,
): Response {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, closing, context.req.raw.signal]);
  const iterator = messages(signal);
  let next: Promise<IteratorResult<StreamMessage, void>> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
    },
    async pull(controller) {
      next ??= iterator.next();
      const result = await orHeartbeat(next);
      if (result === undefined) {
        controller.enqueue(encoder.encode(": still here\n\n"));
        return;
      }
      next = undefined;
      if (result.done) controller.close();
      else controller.enqueue(encoder.encode(messageText(result.value)));
    },
    async cancel() {
      left.abort();
      await iterator.return();
    },
  });
  return context.body(body, 200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
}

function messageText({ event, data, id }: StreamMessage): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function orHeartbeat<Result>(result: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const heartbeat = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, HEARTBEAT_MS, undefined);
  });
  try {
    return await Promise.race([result, heartbeat]);
  } finally {
    clearTimeout(timer);
  }
}
