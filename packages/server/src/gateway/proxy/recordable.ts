import { decoded } from "../record/decoded.ts";
import type { RecordableCall } from "../record/recorder.ts";
import type { Exchange } from "./exchange.ts";
import { joined } from "./request-body.ts";

/** Who calls, where the trace doesn't show it. */
const AGENT_HEADER = "x-agent-name";

/** The request as record and replay see it. */
export function recordableCall(exchange: Exchange): RecordableCall {
  const { request, target, callers } = exchange.input;
  const { body, context, report } = exchange;
  const { headers } = request;
  const whole = body?.isWhole === true ? joined(body.chunks) : undefined;
  const readable = whole && decoded([{ afterMs: 0, bytes: whole }], headers["content-encoding"])?.[0]?.bytes;
  const said = headers[AGENT_HEADER];
  return {
    method: request.method ?? "GET",
    path: target.path + target.query,
    headers,
    body: readable,
    route: report.route?.name,
    agent: callers.agentOf(context.parentId) ?? (typeof said === "string" ? said : undefined),
    testCaseId: context.ids["test.case.id"],
  };
}
