import { attempt } from "../attempt.ts";
import { observeIterator } from "./observe-iterator.ts";
import type { Operation } from "./operation.ts";

/** Reads the pieces of a stream as they pass. */
export interface StreamReader {
  item(value: unknown): void;
  /** Records what came, whichever way the stream ended. It may end the operation, e.g. as failed. */
  finish(): void;
}

const unread = new FinalizationRegistry<() => void>((cancel) => cancel());

/** Ends `operation`, once, after `reader` has recorded what came. */
export function finishStream(operation: Operation, reader: StreamReader, end: () => void): void {
  if (operation.isOver) return;
  attempt("genai", () => reader.finish());
  end();
}

/**
 * Has the operation end when an iterator ends: when it was read, when it failed, or as cancelled when its reader
 * leaves, `signal` is aborted, or nobody holds it any more. Returns the same iterator.
 */
export function observeStream<T extends object>(
  items: T,
  operation: Operation,
  reader: StreamReader,
  signal?: AbortSignal,
): T {
  const cancel = () => finishStream(operation, reader, () => operation.cancel());
  unread.register(items, cancel);
  return observeIterator(items, {
    item(value) {
      operation.chunk();
      reader.item(value);
    },
    done: () =>
      finishStream(operation, reader, () =>
        signal?.aborted === true ? operation.cancel() : operation.end(),
      ),
    failed: (error) => finishStream(operation, reader, () => operation.fail(error)),
    abandoned: cancel,
  });
}

/** Calls `cancel` when nobody can read `stream` any more, until the returned function is called. */
export function whenUnread(stream: object, cancel: () => void): () => void {
  const token = {};
  unread.register(stream, cancel, token);
  return () => void unread.unregister(token);
}
