import { request } from "node:http";
import { connect } from "node:net";
import type { Listen } from "./engine/messages.ts";

/** Whether the engine there answers `/ping` within `timeoutMs`; the engine does so once chDB has answered it. */
export function answersPing(at: Listen, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const ping = request({
    path: "/ping",
    signal: AbortSignal.timeout(timeoutMs),
    createConnection: () => ("socket" in at ? connect(at.socket) : connect(at.port, at.host)),
  });
  ping.on("response", (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  ping.on("error", () => resolve(false));
  ping.end();
  return promise;
}
