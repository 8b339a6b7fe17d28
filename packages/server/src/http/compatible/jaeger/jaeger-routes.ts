import type { JaegerTrace } from "@clew/protocol/jaeger/jaeger-trace";
import { jaegerTraceId, NO_SERVICE, otlpToJaeger } from "@clew/protocol/jaeger/otlp-to-jaeger";
import type { Context, Hono } from "hono";
import type { Operation } from "../../../query/compatible/known-names.ts";
import type { WholeTrace } from "../../../query/compatible/whole-traces.ts";
import { TraceNotFound } from "../../../query/resolve-trace.ts";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { jaegerTraceIdOf, QueryValues } from "../query-values.ts";
import { readSearch, readSearchV3, serviceOf, timeOf } from "./jaeger-search.ts";

const MICRO = 1000n;
const MILLI = 1_000_000n;
const DAY = 86_400_000n * MILLI;
const KINDS = ["", "internal", "server", "client", "producer", "consumer"];

/** Jaeger's query API as its page and Grafana call it, and version 3 over HTTP. */
export function jaegerRoutes(app: Hono<ApiEnv>, { queries, signals }: CompatibleContext): void {
  const services = (context: Context): Promise<string[]> =>
    whileWanted(context, signals, async (signal) =>
      (await queries.services(signal)).map((name) => (name === "" ? NO_SERVICE : name)).sort(),
    );
  const operations = async (context: Context, service: string, kind: string | undefined) => {
    const match = { service: serviceOf(service) };
    const found = await whileWanted(context, signals, (signal) => queries.operations(match, signal));
    return kind === undefined ? found : found.filter((one) => KINDS[one.kind] === kind.toLowerCase());
  };
  const wholeTraces = (context: Context, ids: readonly string[]): Promise<WholeTrace[]> =>
    whileWanted(context, signals, (signal) => queries.wholeTraces(ids, signal));

  app.get("/jaeger/api/services", async (context) => {
    const data = await services(context);
    return answerEnvelope(context, data, { total: data.length });
  });

  app.get("/jaeger/api/services/:service/operations", async (context) => {
    const found = await operations(context, context.req.param("service"), undefined);
    const data = [...new Set(found.map(({ name }) => name))];
    return answerEnvelope(context, data, { total: data.length });
  });

  app.get("/jaeger/api/operations", async (context) => {
    const values = new QueryValues(context.req.url);
    const found = await operations(context, values.required("service"), values.text("spanKind"));
    return answerEnvelope(context, found.map(operationJson), { total: found.length });
  });

  app.get("/jaeger/api/traces", async (context) => {
    const values = new QueryValues(context.req.url);
    const ids = values.texts("traceID").map((text) => jaegerTraceIdOf("traceID", text));
    if (ids.length > 0) {
      const found = await wholeTraces(context, ids);
      const missing = ids.filter((id) => !found.some((trace) => trace.id === id));
      const errors = missing.map((id) => ({ msg: "trace not found", traceID: jaegerTraceId(id) }));
      return answerEnvelope(context, found.map(traceJson), { errors });
    }
    const search = readSearch(values, Date.now());
    const found = await whileWanted(context, signals, (signal) =>
      queries.matchingTraces({ ...search, signal }),
    );
    return answerEnvelope(context, found.map(traceJson));
  });

  app.get("/jaeger/api/traces/:trace", async (context) => {
    const values = new QueryValues(context.req.url);
    for (const name of ["start", "end"]) values.count(name, MICRO, "microseconds");
    const id = jaegerTraceIdOf("traceID", context.req.param("trace"));
    const found = await wholeTraces(context, [id]);
    if (found.length === 0) throw new TraceNotFound(id);
    return answerEnvelope(context, found.map(traceJson));
  });

  app.get("/jaeger/api/dependencies", async (context) => {
    const values = new QueryValues(context.req.url);
    const end = values.count("endTs", MILLI, "milliseconds") ?? BigInt(Date.now()) * MILLI;
    const lookback = values.count("lookback", MILLI, "milliseconds") ?? DAY;
    const service = values.text("service");
    const stretch = { fromNs: end > lookback ? end - lookback : 0n, toNs: end + MILLI };
    const links = await whileWanted(context, signals, (signal) => queries.serviceLinks({ stretch, signal }));
    const data = links
      .filter(({ parent, child }) => service === undefined || parent === service || child === service)
      .map(({ parent, child, callCount }) => ({ parent, child, callCount }));
    return answerEnvelope(context, data);
  });

  app.get("/jaeger/api/v3/services", async (context) =>
    answerJson(context, { services: await services(context) }),
  );

  app.get("/jaeger/api/v3/operations", async (context) => {
    const values = new QueryValues(context.req.url);
    const kind = values.text("spanKind", "span_kind");
    const found = await operations(context, values.required("service"), kind);
    const named = found.map(operationJson).map(({ name, spanKind }) => ({
      name,
      spanKind: spanKind === "" ? "internal" : spanKind,
    }));
    return answerJson(context, { operations: named });
  });

  app.get("/jaeger/api/v3/traces", async (context) => {
    const search = readSearchV3(new QueryValues(context.req.url));
    const found = await whileWanted(context, signals, (signal) =>
      queries.matchingTraces({ ...search, signal }),
    );
    if (found.length === 0)
      return context.json({ error: { httpCode: 404, message: "No traces found" } }, 404);
    return answerJson(context, resultOf(found));
  });

  app.get("/jaeger/api/v3/traces/:trace", async (context) => {
    const values = new QueryValues(context.req.url);
    timeOf(values, ["startTime", "start_time"]);
    timeOf(values, ["endTime", "end_time"]);
    const id = jaegerTraceIdOf("trace_id", context.req.param("trace"));
    const found = await wholeTraces(context, [id]);
    if (found.length === 0) throw new TraceNotFound(id);
    return answerJson(context, resultOf(found));
  });
}

/** Jaeger counts names in `total`, and traces not. */
function answerEnvelope(
  context: Context,
  data: readonly unknown[],
  { total = 0, errors = [] }: { readonly total?: number; readonly errors?: readonly object[] } = {},
): Promise<Response> {
  return answerJson(context, {
    data,
    total,
    limit: 0,
    offset: 0,
    errors: errors.length > 0 ? errors : null,
  });
}

function traceJson({ data, cutTo }: WholeTrace): JaegerTrace {
  const trace = otlpToJaeger(data);
  if (cutTo === undefined) return trace;
  return { ...trace, warnings: [`The trace is large; these are its first ${cutTo} spans`] };
}

function operationJson({ name, kind }: Operation): { readonly name: string; readonly spanKind: string } {
  return { name, spanKind: KINDS[kind] ?? "" };
}

function resultOf(traces: readonly WholeTrace[]): object {
  return { result: { resourceSpans: traces.flatMap(({ data }) => data.resourceSpans ?? []) } };
}
