import { once } from "node:events";
import type { Route } from "../config/gateway-config.ts";
import { randomSpanId } from "../context/random-ids.ts";
import { playedBack } from "../record/played-back.ts";
import type { RecordedAnswer } from "../record/recorder.ts";
import { nowNs } from "../spans/clock.ts";
import { clientSpan, type SpanError, sharedAttributes } from "../spans/http-span.ts";
import { callAttributes } from "../understand/call-attributes.ts";
import { responseReader } from "../understand/response-reader.ts";
import type { Exchange } from "./exchange.ts";
import { TRACE_ID_HEADER } from "./headers.ts";

/** Answers from a recording, with the CLIENT span that the call would have had; resolves when the client has it all. */
export async function replay(
  exchange: Exchange,
  route: Route,
  answer: RecordedAnswer,
  gone: AbortSignal,
): Promise<void> {
  const { call, context, report } = exchange;
  const { setup, request, response } = exchange.input;
  const { parts, maker, capture } = setup;
  const startNs = nowNs();
  const { status } = answer;
  report.status = status;
  report.isReplayed = true;
  const reader = call && responseReader(call, status, answer.headers, startNs, capture);
  const shown = exchange.traceIdShown;
  response.writeHead(status, { ...answer.headers, ...(shown !== undefined && { [TRACE_ID_HEADER]: shown }) });
  if (parts.replayer?.pace === "original") response.flushHeaders();
  for await (const bytes of playedBack(answer, parts.replayer?.pace ?? "fast", gone)) {
    report.responseBytes += bytes.length;
    reader?.chunk(bytes, nowNs());
    if (!response.write(bytes)) await once(response, "drain", { signal: gone }).catch(() => undefined);
  }
  response.end();
  const endNs = nowNs();
  const result = reader?.end(endNs);
  const error: SpanError | undefined =
    result?.error ?? (status < 400 ? undefined : { type: String(status), message: `HTTP ${status}` });
  if (error !== undefined) report.failed(error);
  const attributesOfCall = call === undefined ? [] : callAttributes(call, result, parts.cost);
  report.called(call, result, attributesOfCall);
  if (!context.sampled) return;
  const attributes = sharedAttributes(maker, context, request)
    .text("http.request.method", request.method)
    .whole("http.response.status_code", status)
    .truth("clew.gateway.replayed", true)
    .all(attributesOfCall);
  const name = call?.name ?? `${request.method} ${route.name}`;
  const span = clientSpan(context, randomSpanId(), name, { startNs, endNs }, attributes, error, []);
  parts.sink.add({ span, resource: maker.resource, scope: maker.scope });
}
