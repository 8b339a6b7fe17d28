import { finishStream, observeStream, type StreamReader, whenUnread } from "../genai/observe-stream.ts";
import type { Operation } from "../genai/operation.ts";

/** `Stream` of OpenAI's and Anthropic's SDKs. */
interface SdkStream {
  iterator: (...of: unknown[]) => object;
  readonly controller?: { readonly signal?: AbortSignal };
}

export function isSdkStream(value: unknown): value is SdkStream {
  const stream = value as Partial<SdkStream> | null | undefined;
  return typeof stream === "object" && stream !== null && typeof stream.iterator === "function";
}

/**
 * Has the operation end when the stream ends: when it was read, when it failed, or as cancelled when its
 * reader leaves, its request is aborted, or nobody holds it any more. The stream stays the same object.
 */
export function observeSdkStream(stream: SdkStream, operation: Operation, reader: StreamReader): void {
  const { signal } = stream.controller ?? {};
  const cancel = () => finishStream(operation, reader, () => operation.cancel());
  // The SDK aborts its own request before it tells of an error: what is told goes first.
  signal?.addEventListener("abort", () => void setImmediate(cancel).unref(), { once: true });
  const isRead = whenUnread(stream, cancel);
  const { iterator } = stream;
  let isFirst = true;
  stream.iterator = function (this: unknown, ...of) {
    const items = iterator.apply(this, of);
    if (!isFirst) return items;
    isFirst = false;
    // A branch of `tee` holds the iterator and lets go of the stream.
    isRead();
    return observeStream(items, operation, reader, signal);
  };
}

const expected = new WeakMap<object, (stream: unknown) => void>();

/** Has `tell` get the stream that will be made of the response to a request; `controller` aborts the request. */
export function expectStream(controller: unknown, tell: (stream: unknown) => void): void {
  if (typeof controller === "object" && controller !== null) expected.set(controller, tell);
}

/** Tells who expects it that a stream was made. */
export function streamMade(controller: unknown, stream: unknown): void {
  if (typeof controller === "object" && controller !== null) expected.get(controller)?.(stream);
}
