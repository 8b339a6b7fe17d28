import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";

/** The body of a request, whole where it could be kept. */
export interface RequestBody {
  /** In their order: all of it when `isWhole`, else its beginning. */
  readonly chunks: readonly Buffer[];
  readonly isWhole: boolean;
  /** Bytes of the budget that are to be given back. */
  readonly taken: number;
}

const EMPTY: RequestBody = { chunks: [], isWhole: true, taken: 0 };

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** `undefined` when the length isn't known before. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  const text = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || text === undefined ? undefined : Number(text);
}

/** All of it in one piece. */
export function joined(chunks: readonly Uint8Array[]): Buffer {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1)
    return Buffer.from(first.buffer, first.byteOffset, first.length);
  return Buffer.concat(chunks);
}

/**
 * Reads the body as far as it fits; what doesn't is left in the paused request. Resolves to undefined when the client
 * left before the end.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  budget: BodyBudget,
): Promise<RequestBody | undefined> {
  if (!hasBody(request)) return Promise.resolve(EMPTY);
  const declared = declaredLength(request);
  if (declared !== undefined && (declared > limit || !budget.take(declared))) {
    return Promise.resolve({ chunks: [], isWhole: false, taken: 0 });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let taken = declared ?? 0;
    let size = 0;
    const settle = (isWhole: boolean): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      resolve({ chunks, isWhole, taken });
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= taken) return;
      if (size <= limit && budget.take(size - taken)) taken = size;
      else {
        request.pause();
        settle(false);
      }
    };
    const onEnd = (): void => settle(true);
    const onClose = (): void => {
      request.off("data", onData).off("end", onEnd);
      budget.give(taken);
      resolve(undefined);
    };
    request.on("data", onData).once("end", onEnd).once("close", onClose);
  });
}
