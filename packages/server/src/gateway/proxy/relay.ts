import type { IncomingMessage, ServerResponse } from "node:http";

export interface RelayWatch {
  /** A piece on its way, as it came. */
  chunk(bytes: Buffer): void;
}

/** How the body of an answer ended. */
export type RelayEnd = "whole" | "upstream_reset" | "idle_timeout" | "cancelled";

/**
 * Passes the body of an answer on as it comes, no faster than the client takes it. When the upstream breaks off, so
 * does the answer: the client must not take a part for the whole.
 */
export function relay(
  from: IncomingMessage,
  to: ServerResponse,
  idleTimeoutMs: number,
  watch: RelayWatch,
): Promise<RelayEnd> {
  const length = lengthOf(from);
  return new Promise((resolve) => {
    let isOver = false;
    let isPaused = false;
    let seen = 0;
    const idle = setTimeout(() => end(isPaused ? "cancelled" : "idle_timeout"), idleTimeoutMs);
    const onDrain = (): void => {
      isPaused = false;
      idle.refresh();
      from.resume();
    };
    const onClose = (): void => end("cancelled");
    const end = (how: RelayEnd): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(idle);
      to.off("close", onClose).off("drain", onDrain);
      if (how !== "whole") {
        from.destroy();
        to.destroy();
      } else if (!to.writableEnded) {
        if (length === undefined && from.rawTrailers.length > 0) to.addTrailers(pairs(from.rawTrailers));
        to.end();
      }
      resolve(how);
    };
    from.on("data", (chunk: Buffer) => {
      idle.refresh();
      watch.chunk(chunk);
      seen += chunk.length;
      if (seen === length) {
        // With its last piece, the answer goes out at once.
        to.end(chunk);
        return;
      }
      if (!to.write(chunk)) {
        isPaused = true;
        from.pause();
        to.once("drain", onDrain);
      }
    });
    from.once("end", () => end("whole"));
    from.once("error", () => end("upstream_reset"));
    from.once("close", () => end("upstream_reset"));
    to.once("close", onClose);
    if (length === undefined) {
      // The head of a stream whose first piece is late; else the head goes out with that piece.
      setImmediate(() => {
        if (seen === 0 && !isOver) to.flushHeaders();
      });
    }
  });
}

/** Bytes of the body; undefined where only its end shows. */
function lengthOf({ headers }: IncomingMessage): number | undefined {
  const text = headers["content-length"];
  return text === undefined || headers["transfer-encoding"] !== undefined ? undefined : Number(text);
}

function pairs(raw: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return list;
}
