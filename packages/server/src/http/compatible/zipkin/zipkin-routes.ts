import { otlpToZipkin } from "@clew/protocol/zipkin/otlp-to-zipkin";
import type { ZipkinJsonSpan } from "@clew/protocol/zipkin/zipkin-json";
import type { Context, Hono } from "hono";
import { TraceTooLarge, type WholeTrace } from "../../../query/compatible/whole-traces.ts";
import { TraceNotFound } from "../../../query/resolve-trace.ts";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { InvalidParameter } from "../../http-errors.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { QueryValues, traceIdOf } from "../query-values.ts";
import { readStretch, readTraceQuery } from "./zipkin-search.ts";

const MOST_TRACES = 1000;
const MOST_KEYS = 1000;
const MOST_VALUES = 1000;

/** What Zipkin's v2 API answers. Names of services and spans are in lower case, as everywhere in Zipkin. */
export function zipkinRoutes(app: Hono<ApiEnv>, { queries, signals }: CompatibleContext): void {
  const wholeTraces = (context: Context, ids: readonly string[]): Promise<WholeTrace[]> =>
    whileWanted(context, signals, (signal) => queries.wholeTraces(ids, signal));

  app.get("/zipkin/health", (context) => context.json({ status: "UP" }));

  app.get("/zipkin/api/v2/services", async (context) => {
    const names = await whileWanted(context, signals, (signal) => queries.services(signal));
    return answerJson(context, labels(names));
  });

  app.get("/zipkin/api/v2/spans", async (context) => {
    const service = new QueryValues(context.req.url).required("serviceName");
    const found = await whileWanted(context, signals, (signal) =>
      queries.operations({ service, ignoreCase: true }, signal),
    );
    return answerJson(context, labels(found.map(({ name }) => name)));
  });

  app.get("/zipkin/api/v2/remoteServices", async (context) => {
    const service = new QueryValues(context.req.url).required("serviceName");
    const found = await whileWanted(context, signals, (signal) =>
      queries.remoteServices({ service, ignoreCase: true }, signal),
    );
    return answerJson(context, labels(found));
  });

  app.get("/zipkin/api/v2/traces", async (context) => {
    const query = readTraceQuery(new QueryValues(context.req.url), Date.now());
    const found = await whileWanted(context, signals, (signal) =>
      queries.matchingTraces({ ...query, signal }),
    );
    return answerJson(context, found.map(traceJson));
  });

  app.get("/zipkin/api/v2/trace/:trace", async (context) => {
    const id = traceIdOf("traceId", context.req.param("trace"));
    const [trace] = await wholeTraces(context, [id]);
    if (trace === undefined) throw new TraceNotFound(id);
    return answerJson(context, traceJson(trace));
  });

  app.get("/zipkin/api/v2/traceMany", async (context) => {
    const texts = new QueryValues(context.req.url).required("traceIds").split(",");
    const ids = texts.map((text) => traceIdOf("traceIds", text.trim()));
    if (ids.length < 2 || ids.length > MOST_TRACES || new Set(ids).size < ids.length)
      throw new InvalidParameter("traceIds", `must be 2 to ${MOST_TRACES} different ids with commas between`);
    return answerJson(context, (await wholeTraces(context, ids)).map(traceJson));
  });

  app.get("/zipkin/api/v2/dependencies", async (context) => {
    const values = new QueryValues(context.req.url);
    values.required("endTs");
    const stretch = readStretch(values, 0n);
    const links = await whileWanted(context, signals, (signal) =>
      queries.serviceLinks({ stretch, ignoreCase: true, signal }),
    );
    const told = links.map(({ parent, child, callCount, errorCount }) => ({
      ...{ parent, child, callCount },
      ...(errorCount > 0 && { errorCount }),
    }));
    return answerJson(context, told);
  });

  app.get("/zipkin/api/v2/autocompleteKeys", async (context) => {
    const keys = await whileWanted(context, signals, (signal) =>
      queries.attributeKeys(["span"], MOST_KEYS, signal),
    );
    return answerJson(context, keys.get("span") ?? []);
  });

  app.get("/zipkin/api/v2/autocompleteValues", async (context) => {
    const key = new QueryValues(context.req.url).required("key");
    const field = { kind: "attribute", level: "any", key } as const;
    const found = await whileWanted(context, signals, (signal) =>
      queries.fieldValues({ field, most: MOST_VALUES, signal }),
    );
    return answerJson(
      context,
      found.map(({ value }) => value),
    );
  });
}

/** Sorted, each once; spans and services without a name have none. */
function labels(names: readonly string[]): string[] {
  const lower = names.filter((name) => name !== "").map((name) => name.toLowerCase());
  return [...new Set(lower)].sort();
}

function traceJson({ id, data, cutTo }: WholeTrace): ZipkinJsonSpan[] {
  if (cutTo !== undefined) throw new TraceTooLarge(id, cutTo);
  return otlpToZipkin(data);
}
