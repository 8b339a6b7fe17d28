import type { Operation } from "./operation.ts";

/**
 * Runs `call` inside `operation` and ends it with what comes of the call, at once or when its promise settles.
 * Returns or throws what `call` does. `done` records the result before the end.
 */
export function runOperation<T>(
  operation: Operation,
  call: () => T,
  done: (value: Awaited<T>) => void = () => {},
): T {
  let result: T;
  try {
    result = operation.run(call);
  } catch (error) {
    operation.fail(error);
    throw error;
  }
  const succeed = (value: Awaited<T>) => {
    done(value);
    operation.end();
  };
  if (!isThenable(result)) {
    succeed(result as Awaited<T>);
    return result;
  }
  if (result.constructor !== Promise) {
    // Somebody's own promise has more to it than `then`: it stays what it is.
    result.then(
      (value) => succeed(value as Awaited<T>),
      (error) => operation.fail(error),
    );
    return result;
  }
  return result.then(
    (value) => {
      succeed(value as Awaited<T>);
      return value;
    },
    (error: unknown) => {
      operation.fail(error);
      throw error;
    },
  ) as T;
}

function isThenable(value: unknown): value is Promise<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as Promise<unknown>).then === "function"
  );
}
