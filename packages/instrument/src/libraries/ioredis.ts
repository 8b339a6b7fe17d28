import { IORedisInstrumentation } from "@opentelemetry/instrumentation-ioredis";
import { onlyInTraces } from "../database/query-spans.ts";
import { redisWithoutValues } from "../database/redis-text.ts";
import type { Library } from "../library.ts";

/** Redis by ioredis; a wait for messages of a stream is no query, and its messages have spans of their own. */
export const ioredis: Library = {
  name: "ioredis",
  instrumentation: () => {
    const dbStatementSerializer = (name: string, args: readonly unknown[]) => redisWithoutValues(name, args);
    return onlyInTraces(new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer }), {
      name: (given) => (/^(connect|xread|xreadgroup)$/i.test(given) ? undefined : given.toUpperCase()),
    });
  },
};
