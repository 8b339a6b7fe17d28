import { IORedisInstrumentation } from "@opentelemetry/instrumentation-ioredis";
import { onlyInTraces } from "../database/query-spans.ts";
import { redisSpanName, redisWithoutValues } from "../database/redis-text.ts";
import type { Library } from "../library.ts";
import { onlySince } from "../newer-versions.ts";

type SendCommand = (this: unknown, command: object, ...rest: unknown[]) => unknown;

interface Tracing {
  _traceSendCommand(original: SendCommand, version: string | undefined): SendCommand;
}

/** Redis by ioredis 4 to 6; a wait for messages of a stream is no query, and its messages have spans of their own. */
export const ioredis: Library = {
  name: "ioredis",
  instrumentation: () => {
    const dbStatementSerializer = (name: string, args: readonly unknown[]) => redisWithoutValues(name, args);
    const instrumentation = new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer });
    traceOnce(instrumentation as unknown as Tracing);
    return onlyInTraces(onlySince(instrumentation, "ioredis", "4.0.0"), { name: redisSpanName });
  },
};

/** A command that has to wait for the connection is sent again, and would get a span each time. */
function traceOnce(instrumentation: Tracing): void {
  const trace = instrumentation._traceSendCommand.bind(instrumentation);
  const seen = new WeakSet<object>();
  instrumentation._traceSendCommand = (original, version) => {
    const traced = trace(original, version);
    return function (command, ...rest) {
      if (typeof command !== "object" || command === null || seen.has(command)) {
        return original.call(this, command, ...rest);
      }
      seen.add(command);
      return traced.call(this, command, ...rest);
    };
  };
}
