import type { RequestFacts } from "./request-facts.ts";

/** Where lines go. */
export interface LineTarget {
  write(text: string): unknown;
  /** Bytes that it has taken and not yet written. */
  readonly writableLength?: number;
}

/** A target that takes nothing more costs lines, not memory. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * One JSON object a line for every request that is over, with the ids under which its trace is found. Lines of one
 * turn of the event loop are written at once. Where the target does not keep up, lines are left out, and the next one
 * says how many in `lines_lost`.
 */
export function accessLog(target: LineTarget, now: () => number = Date.now): (facts: RequestFacts) => void {
  let waiting = "";
  let lost = 0;
  return (facts) => {
    if ((target.writableLength ?? 0) > MAX_WAITING_BYTES) {
      lost += 1;
      return;
    }
    if (waiting === "") {
      setImmediate(() => {
        target.write(waiting);
        waiting = "";
      });
    }
    waiting += `${JSON.stringify(lineOf(facts, now(), lost))}\n`;
    lost = 0;
  };
}

/** Keys that have no value are left out. */
function lineOf(facts: RequestFacts, nowMs: number, lost: number): Record<string, unknown> {
  const { model } = facts;
  return {
    time: new Date(nowMs).toISOString(),
    listener: facts.listener,
    method: facts.method,
    path: facts.path,
    status: facts.status,
    duration_ms: Math.round(facts.durationMs * 1000) / 1000,
    route: facts.route,
    upstream: facts.upstream,
    tries: facts.tries,
    error: facts.errorType,
    request_bytes: facts.requestBytes,
    response_bytes: facts.responseBytes,
    trace_id: facts.traceId || undefined,
    span_id: facts.spanId || undefined,
    sampled: facts.traceId === "" ? undefined : facts.sampled,
    session: facts.sessionId,
    task: facts.taskId,
    test_case: facts.testCaseId,
    agent: facts.agent,
    replayed: facts.replayed,
    ...(model !== undefined && {
      model: model.answered ?? model.asked,
      provider: model.provider,
      operation: model.operation,
      stream: model.streams,
      input_tokens: model.tokens?.input,
      output_tokens: model.tokens?.output,
      cost_usd: model.costUsd,
      first_token_ms: model.firstTokenMs,
    }),
    ...(lost > 0 && { lines_lost: lost }),
  };
}
