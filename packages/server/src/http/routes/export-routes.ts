import { ROUTES } from "@clew/protocol/api/routes";
import type { Context, Hono } from "hono";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { Downloads } from "../downloads.ts";
import { choice, moment, readParameters, texts } from "../parameters.ts";
import type { RequestSignals } from "../request-signal.ts";

const BY_TIME = { from: moment(), to: moment(), format: choice("json", "protobuf", "jsonl") };
const BY_TRACE = { trace: texts(), ...BY_TIME };

export function exportRoutes(app: Hono<ApiEnv>, { queries, log }: ApiOptions, signals: RequestSignals): void {
  const downloads = new Downloads(signals, log);
  const byTrace = (context: Context) => {
    const {
      trace,
      from,
      to,
      format = "json",
    } = readParameters(BY_TRACE, new URL(context.req.url).searchParams);
    return { format, selection: { ...(trace && { traces: trace }), ...bounds(from, to) } };
  };
  app.get(ROUTES.exportTraces, (context) => {
    const { format, selection } = byTrace(context);
    return downloads.answer(context, "traces", format, (signal) =>
      queries.exportTraces({ ...selection, signal }),
    );
  });
  app.get(ROUTES.exportLogs, (context) => {
    const { format, selection } = byTrace(context);
    return downloads.answer(context, "logs", format, (signal) =>
      queries.exportLogs({ ...selection, signal }),
    );
  });
  app.get(ROUTES.exportMetrics, (context) => {
    const { from, to, format = "json" } = readParameters(BY_TIME, new URL(context.req.url).searchParams);
    const selection = bounds(from, to);
    return downloads.answer(context, "metrics", format, (signal) =>
      queries.exportMetrics({ ...selection, signal }),
    );
  });
}

function bounds(fromNs: bigint | undefined, toNs: bigint | undefined) {
  return { ...(fromNs !== undefined && { fromNs }), ...(toNs !== undefined && { toNs }) };
}
