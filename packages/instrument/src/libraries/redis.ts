import { RedisInstrumentation } from "@opentelemetry/instrumentation-redis";
import { onlyInTraces } from "../database/query-spans.ts";
import { redisSpanName, redisWithoutValues } from "../database/redis-text.ts";
import type { Library } from "../library.ts";

/** Redis by its own client; a wait for messages of a stream is no query, and its messages have spans of their own. */
export const redis: Library = {
  name: "redis",
  instrumentation: () => {
    const dbStatementSerializer = (name: string, args: readonly unknown[]) => redisWithoutValues(name, args);
    const instrumentation = new RedisInstrumentation({ requireParentSpan: true, dbStatementSerializer });
    return onlyInTraces(instrumentation, { name: (given) => redisSpanName(given.replace(/^redis-/, "")) });
  },
};
