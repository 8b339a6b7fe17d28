import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { encodeTempoTraceAnswer, tempoResourceSpans } from "@clew/protocol/tempo/tempo-trace";
import type { Context, Hono } from "hono";
import { TraceTooLarge, type WholeTrace } from "../../../query/compatible/whole-traces.ts";
import { TraceNotFound } from "../../../query/resolve-trace.ts";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { QueryValues, traceIdOf } from "../query-values.ts";

const PROTOBUF = "application/protobuf";

/** A trace by id in both versions, and what tells clients that the server is there. */
export function tempoTraceRoutes(app: Hono<ApiEnv>, { queries, signals, version }: CompatibleContext): void {
  const wholeTrace = async (context: Context): Promise<WholeTrace> => {
    const values = new QueryValues(context.req.url);
    // A trace is found fast without them.
    for (const name of ["start", "end"]) values.count(name, 1_000_000_000n, "seconds");
    const id = traceIdOf("traceID", context.req.param("trace") ?? "");
    const [trace] = await whileWanted(context, signals, (signal) => queries.wholeTraces([id], signal));
    if (trace === undefined) throw new TraceNotFound(id);
    return trace;
  };

  app.get("/tempo/ready", (context) => context.text("ready\n"));
  app.get("/tempo/api/echo", (context) => context.text("echo"));
  app.get("/tempo/api/status/buildinfo", (context) => {
    const unknown = { revision: "", branch: "", buildUser: "", buildDate: "", goVersion: "" };
    return answerJson(context, { version, ...unknown });
  });

  app.get("/tempo/api/traces/:trace", async (context) => {
    const { id, data, cutTo } = await wholeTrace(context);
    if (cutTo !== undefined) throw new TraceTooLarge(id, cutTo);
    if (wantsProtobuf(context)) return answerProtobuf(context, encodeOtlp("traces", data));
    return answerJson(context, { batches: tempoResourceSpans(data) });
  });

  app.get("/tempo/api/v2/traces/:trace", async (context) => {
    const { data, cutTo } = await wholeTrace(context);
    const message = cutTo === undefined ? "" : `The trace is large; these are its first ${cutTo} spans`;
    if (wantsProtobuf(context)) {
      const status = message === "" ? 0 : 1;
      return answerProtobuf(context, encodeTempoTraceAnswer({ trace: data, metrics: {}, status, message }));
    }
    const status = message !== "" && { status: "PARTIAL", message };
    return answerJson(context, {
      trace: { resourceSpans: tempoResourceSpans(data) },
      metrics: {},
      ...status,
    });
  });
}

function wantsProtobuf(context: Context): boolean {
  return (context.req.header("accept") ?? "").includes(PROTOBUF);
}

function answerProtobuf(context: Context, body: Uint8Array<ArrayBuffer>): Response {
  context.header("Content-Type", PROTOBUF);
  context.header("Cache-Control", "no-store");
  return context.body(body);
}
