import { attempt } from "../../attempt.ts";
import type { Operation } from "../../genai/operation.ts";
import { fields } from "../../models/value.ts";

/** What happens to a stream while somebody else reads it. */
export interface StreamObserver {
  item(value: unknown): void;
  /** The reader left before the end. */
  abandoned(): void;
}

/** A stream with the same items; the readers of web streams cannot be watched otherwise. */
export function observedStream<T>(stream: ReadableStream<T>, observer: StreamObserver): ReadableStream<T> {
  const transformer = {
    transform(item: T, controller: TransformStreamDefaultController<T>) {
      attempt("clew.ai", () => observer.item(item));
      controller.enqueue(item);
    },
    cancel() {
      attempt("clew.ai", () => observer.abandoned());
    },
  };
  return stream.pipeThrough(new TransformStream<T, T>(transformer));
}

/** Takes the time of the first piece of an answer, and an error that a model sends instead of the rest. */
export function recordItem(chat: Operation, item: unknown): void {
  const { type, error } = fields(item);
  if (type === "error") chat.fail(error);
  else if (typeof type === "string" && (type.endsWith("-delta") || type === "tool-call")) chat.chunk();
}
