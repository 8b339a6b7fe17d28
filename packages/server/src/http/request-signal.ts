import type { Context } from "hono";
import { RequestTimeout, ShuttingDown } from "./http-errors.ts";

/** When an answer is no longer wanted. */
export interface RequestSignals {
  readonly closing: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Runs work with a signal that is aborted when the client leaves, the time is up or the server closes, and
 * says by the error which of these it was.
 */
export async function whileWanted<Result>(
  context: Context,
  { closing, timeoutMs }: RequestSignals,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    return await work(AbortSignal.any([context.req.raw.signal, late, closing]));
  } catch (error) {
    throw whyUnwanted(error, context.req.raw.signal, late, closing, timeoutMs);
  }
}

function whyUnwanted(
  error: unknown,
  client: AbortSignal,
  late: AbortSignal,
  closing: AbortSignal,
  timeoutMs: number,
): unknown {
  if (client.aborted) return error;
  if (late.aborted) return new RequestTimeout(timeoutMs, { cause: error });
  return closing.aborted ? new ShuttingDown({ cause: error }) : error;
}
