import type { Instrumentation } from "@opentelemetry/instrumentation";
import { RedisInstrumentation } from "@opentelemetry/instrumentation-redis";
import { onlyInTraces } from "../database/query-spans.ts";
import { redisSpanName, redisWithoutValues } from "../database/redis-text.ts";
import type { Library } from "../library.ts";
import { onlySince } from "../newer-versions.ts";

interface Versions {
  readonly instrumentationV2_V3: Instrumentation & Hooked;
  readonly instrumentationV4_V5: Hooked;
}

interface Hooked {
  readonly _modules: readonly unknown[];
}

/** Redis by its own client, 4 to 6; a wait for messages of a stream is no query, and its messages have spans of their own. */
export const redis: Library = {
  name: "redis",
  instrumentation: () => {
    const dbStatementSerializer = (name: string, args: readonly unknown[]) => redisWithoutValues(name, args);
    const instrumentation = new RedisInstrumentation({ requireParentSpan: true, dbStatementSerializer });
    const { instrumentationV2_V3: old, instrumentationV4_V5: current } =
      instrumentation as unknown as Versions;
    onlySince(old, "redis", "4.0.0");
    // By itself it would make others.
    const getModuleDefinitions = () => [...old._modules, ...current._modules];
    Object.assign(instrumentation, { getModuleDefinitions });
    return onlyInTraces(instrumentation, { name: (given) => redisSpanName(given.replace(/^redis-/, "")) });
  },
};
