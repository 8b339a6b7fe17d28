import { once } from "node:events";
import type { Route } from "../config/gateway-config.ts";
import { randomSpanId } from "../context/random-ids.ts";
import { playedBack } from "../record/played-back.ts";
import type { RecordedAnswer } from "../record/recorder.ts";
import { nowNs } from "../spans/clock.ts";
import { responseReader } from "../understand/response-reader.ts";
import type { Exchange } from "./exchange.ts";
import { TRACE_ID_HEADER } from "./headers.ts";
import { chooseTarget } from "./router.ts";
import { errorOfStatus, RELAY_ERRORS } from "./target-errors.ts";
import { reportTry } from "./try-report.ts";

/** Answers from a recording, with the CLIENT span that the call would have had; resolves when the client has it all. */
export async function replay(
  exchange: Exchange,
  route: Route,
  answer: RecordedAnswer,
  gone: AbortSignal,
): Promise<void> {
  const { call, report } = exchange;
  const { setup, response } = exchange.input;
  const { replayer } = setup.parts;
  const startNs = nowNs();
  const { status } = answer;
  report.status = status;
  report.isReplayed = true;
  const reader = call && responseReader(call, status, answer.headers, startNs, setup.capture);
  const shown = exchange.traceIdShown;
  response.writeHead(status, { ...answer.headers, ...(shown !== undefined && { [TRACE_ID_HEADER]: shown }) });
  if (replayer?.pace === "original") response.flushHeaders();
  let firstByteNs: bigint | undefined;
  for await (const bytes of playedBack(answer, replayer?.pace ?? "fast", gone)) {
    const now = nowNs();
    firstByteNs ??= now - startNs;
    report.responseBytes += bytes.length;
    reader?.chunk(bytes, now);
    if (!response.write(bytes)) await once(response, "drain", { signal: gone }).catch(() => undefined);
  }
  if (!gone.aborted) response.end();
  const result = reader?.end(nowNs());
  const error = gone.aborted ? RELAY_ERRORS.cancelled : (result?.error ?? errorOfStatus(status));
  if (error !== undefined) report.failed(error);
  const target = chooseTarget(route.targets, 0);
  if (target === undefined) return;
  reportTry({
    ...{ startNs, firstByteNs, status, result, error },
    input: { exchange, target, route, number: 0, reason: undefined },
    pool: setup.pool(target.upstream),
    spanId: randomSpanId(),
    wasSent: false,
    isReplayed: true,
  });
}
